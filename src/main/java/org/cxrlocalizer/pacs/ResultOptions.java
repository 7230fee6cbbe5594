package org.cxrlocalizer.pacs;

import org.cxrlocalizer.localization.LocalizationRequest;

/**
 * What a result object is to say.
 *
 * @param request what was asked of the localizer
 * @param onlyPositive whether boxes of findings below their cut-off are left out; a model without cut-offs has none
 */
public record ResultOptions(LocalizationRequest request, boolean onlyPositive) {

    /** The model's own defaults, and boxes of positive findings only. */
    public static final ResultOptions DEFAULT = new ResultOptions(LocalizationRequest.DEFAULT, true);
}
