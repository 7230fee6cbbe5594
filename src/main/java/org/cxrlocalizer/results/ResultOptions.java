// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.results;

import org.cxrlocalizer.dicom.documents.PictureFormat;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.jspecify.annotations.Nullable;

/**
 * Options of a result object.
 *
 * @param request the request to the localizer
 * @param onlyPositive whether boxes of findings below their cut-off are left out; a model without cut-offs has none
 * @param mostFindings how many findings have boxes at most, the most probable ones: dozens of boxes cannot be distinguished
 * @param pictureReferenced whether a report refers to the secondary capture of the same options, because that is stored too
 * @param format of that capture
 */
public record ResultOptions(
        LocalizationRequest request,
        boolean onlyPositive,
        int mostFindings,
        boolean pictureReferenced,
        PictureFormat format) {

    public static final int USUALLY_MOST_FINDINGS = 3;

    /** The model's own defaults, and boxes of the most probable positive findings only. */
    public static final ResultOptions DEFAULT = new ResultOptions(
            LocalizationRequest.DEFAULT, true, USUALLY_MOST_FINDINGS, false, PictureFormat.UNCOMPRESSED);

    public ResultOptions withRequest(LocalizationRequest other) {
        return new ResultOptions(other, onlyPositive, mostFindings, pictureReferenced, format);
    }

    public ResultOptions withOperatingPoint(@Nullable String point) {
        return withRequest(request.withOperatingPoint(point));
    }

    public ResultOptions withPictureReferenced(boolean isReferenced) {
        return new ResultOptions(request, onlyPositive, mostFindings, isReferenced, format);
    }

    public ResultOptions withFormat(PictureFormat other) {
        return new ResultOptions(request, onlyPositive, mostFindings, pictureReferenced, other);
    }
}
