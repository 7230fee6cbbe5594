package org.cxrlocalizer.results;

import org.cxrlocalizer.localization.LocalizationRequest;

/**
 * What a result object is to say.
 *
 * @param request what was asked of the localizer
 * @param onlyPositive whether boxes of findings below their cut-off are left out; a model without cut-offs has none
 * @param mostFindings how many findings have boxes at most, the most probable ones: dozens of boxes cannot be told apart
 */
public record ResultOptions(LocalizationRequest request, boolean onlyPositive, int mostFindings) {

    public static final int USUALLY_MOST_FINDINGS = 3;

    /** The model's own defaults, and boxes of the most probable positive findings only. */
    public static final ResultOptions DEFAULT =
            new ResultOptions(LocalizationRequest.DEFAULT, true, USUALLY_MOST_FINDINGS);
}
