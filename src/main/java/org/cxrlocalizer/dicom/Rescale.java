// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.util.Optional;

/** From stored values to those of the modality (PS3.3, section C.11.1.1.2): {@code slope · value + intercept}. */
public record Rescale(double slope, double intercept) {

    /** The one that a data set states: none if it states no slope and no intercept, or one of them is unusable. */
    public static Optional<Rescale> of(DataSet dataSet) {
        if (!isStated(dataSet)) {
            return Optional.empty();
        }
        double slope = number(dataSet, Attribute.RESCALE_SLOPE, 1);
        double intercept = number(dataSet, Attribute.RESCALE_INTERCEPT, 0);
        return Double.isNaN(slope) || Double.isNaN(intercept) || slope == 0 || isAmbiguous(dataSet)
                ? Optional.empty()
                : Optional.of(new Rescale(slope, intercept));
    }

    /** Whether a data set states a slope or an intercept, usable or not. */
    public static boolean isStated(DataSet dataSet) {
        return dataSet.has(Attribute.RESCALE_SLOPE) || dataSet.has(Attribute.RESCALE_INTERCEPT);
    }

    /** Whether the comma of a data set's intercept may be a decimal point or one of thousands; its slope has none. */
    public static boolean isAmbiguous(DataSet dataSet) {
        return DecimalString.mayHaveThousands(dataSet.strings(Attribute.RESCALE_INTERCEPT))
                && dataSet.strings(Attribute.RESCALE_SLOPE).stream().noneMatch(slope -> slope.indexOf(',') >= 0);
    }

    private static double number(DataSet dataSet, Attribute attribute, double missing) {
        return dataSet.has(attribute) ? dataSet.decimal(attribute).orElse(Double.NaN) : missing;
    }

    public double of(double value) {
        return slope * value + intercept;
    }
}
