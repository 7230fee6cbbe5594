// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;

/**
 * Whether a data set states that it is a frontal chest radiograph. What it clearly states otherwise is a reason to refuse; what
 * it leaves open is a warning. Values are compared and never repeated: in a broken file, they may be anything.
 *
 * @param claims what it states
 * @param warnings where it leaves something open, or was read by force
 */
record FrontalChest(Claims claims, List<String> warnings) {

    /**
     * Reads what the data set states.
     *
     * @param force makes warnings of refusals
     * @throws NotAFrontalChestRadiographException if it states that it is something else
     */
    static FrontalChest check(DataSet dataSet, boolean force) {
        Statement statement = new Statement(dataSet);
        Objections objections = new Objections(force);
        DeclaredDevice.check(statement, objections);
        boolean chest = DeclaredPart.check(statement, objections);
        boolean frontal = DeclaredView.check(statement, objections);
        boolean upright = PatientOrientation.check(statement, objections);
        notes(statement, objections);
        return new FrontalChest(new Claims(chest, frontal && upright), objections.warnings());
    }

    private static void notes(Statement statement, Objections objections) {
        if (statement.is(Attribute.BURNED_IN_ANNOTATION, "YES")) {
            objections.warn("The file states that text is burned into the pixels.");
        }
        if (Stream.of(Attribute.IMAGE_LATERALITY, Attribute.LATERALITY)
                .anyMatch(side -> statement.is(side, "L") || statement.is(side, "R"))) {
            objections.warn("The file states that it shows one side of the body only.");
        }
    }
}
