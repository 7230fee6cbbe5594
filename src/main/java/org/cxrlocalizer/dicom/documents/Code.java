// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;

/**
 * A coded concept (PS3.3, section 8).
 *
 * @param value at most 16 characters
 * @param scheme its coding scheme, as DCM or SCT
 * @param meaning for people, at most 64 characters
 */
public record Code(String value, String scheme, String meaning) {

    static Code dcm(String value, String meaning) {
        return new Code(value, "DCM", meaning);
    }

    DataSet item() {
        return new DataSetBuilder()
                .text(Attribute.CODE_VALUE, value)
                .text(Attribute.CODING_SCHEME_DESIGNATOR, scheme)
                .text(Attribute.CODE_MEANING, meaning)
                .build();
    }
}
