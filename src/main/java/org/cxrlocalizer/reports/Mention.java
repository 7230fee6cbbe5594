// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import org.jspecify.annotations.Nullable;

/**
 * A mention of a finding.
 *
 * @param label one of the 14, or {@link ReportLabels#NO_FINDING}
 * @param span where the words are
 * @param section the section that they are in
 * @param assertion what is stated of the finding
 * @param trigger the words that made the assertion; null where a finding is merely named
 * @param place null where none is stated
 */
public record Mention(
        String label,
        Span span,
        Section section,
        Assertion assertion,
        @Nullable Trigger trigger,
        @Nullable Place place) {

    /**
     * The words by which a rule applied.
     *
     * @param rule its name in the table of rules
     */
    public record Trigger(String rule, Span span) {}
}
