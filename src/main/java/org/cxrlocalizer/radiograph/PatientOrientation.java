// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.List;
import java.util.Locale;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException.Reason;

/**
 * The directions that an image's rows and columns run to (PS3.3, section C.7.6.1.1.1). An upright frontal radiograph that is
 * shown as usual has rows to the patient's left and columns to the feet.
 */
final class PatientOrientation {

    private PatientOrientation() {}

    /** Returns whether nothing speaks against an upright frontal view. */
    static boolean check(Statement statement, Objections objections) {
        List<String> directions = statement.dataSet().strings(Attribute.PATIENT_ORIENTATION).stream()
                .map(direction -> direction.toUpperCase(Locale.ROOT))
                .toList();
        if (directions.stream().allMatch(String::isEmpty)) {
            return true;
        }
        if (directions.size() != 2 || !directions.stream().allMatch(letters -> letters.matches("[APRLHF]{1,3}"))) {
            objections.warn("The file's patient orientation is not one of a person's radiograph.");
            return false;
        }
        return judge(directions.get(0), directions.get(1), objections);
    }

    private static boolean judge(String rows, String columns, Objections objections) {
        switch (rows.charAt(0)) {
            case 'A', 'P' -> {
                objections.refuse(
                        Reason.VIEW, "The file's rows run from the patient's front to back, as in a lateral view.");
                return false;
            }
            case 'H', 'F' -> {
                objections.warn("The file's rows run along the patient's body: the image lies on its side.");
                return false;
            }
            case 'R' -> objections.warn("The file's rows run to the patient's right: left and right are exchanged.");
            default -> {
                // to the left, as usual
            }
        }
        switch (columns.charAt(0)) {
            case 'H' -> objections.warn("The file's columns run to the patient's head: the image is upside down.");
            case 'A', 'P' ->
                objections.refuse(
                        Reason.VIEW, "The file's columns run from the patient's front to back, as in an axial view.");
            case 'L', 'R' -> objections.warn("The file's patient orientation contradicts itself.");
            default -> {
                if (rows.matches(".+[AP].*")) {
                    objections.warn("The file's rows run obliquely to the patient.");
                    return false;
                }
                return true;
            }
        }
        return false;
    }
}
