// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import org.cxrlocalizer.reports.LabelPolicy;
import org.cxrlocalizer.reports.Mention;
import org.cxrlocalizer.reports.Place;
import org.cxrlocalizer.reports.Span;
import org.cxrlocalizer.reports.documents.ReadReport;
import org.jspecify.annotations.Nullable;

/**
 * A report as the API answers with it.
 *
 * @param labels the 14, in the order of the dataset's page, and "No Finding"
 */
@Schema(name = "Report")
record ReportAnswer(
        @Schema(description = "The text that was read: of a message or a document, what was taken out of it.")
        String text,

        List<SectionBody> sections,
        List<MentionBody> mentions,
        List<LabelBody> labels) {

    static ReportAnswer of(ReadReport report, LabelPolicy policy) {
        return new ReportAnswer(
                report.text().text(),
                report.text().sections().stream()
                        .map(section -> new SectionBody(word(section.section()), SpanBody.of(section.span())))
                        .toList(),
                report.labels().mentions().stream().map(MentionBody::of).toList(),
                report.labels().states().entrySet().stream()
                        .map(entry ->
                                new LabelBody(entry.getKey(), word(entry.getValue()), policy.accepts(entry.getValue())))
                        .toList());
    }

    static String word(@Nullable Enum<?> constant) {
        return constant == null
                ? "unstated"
                : constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A report is private: Spring logs answers at its finer levels. */
    @Override
    public String toString() {
        return "a report with %d mentions".formatted(mentions.size());
    }

    @Schema(name = "Span", description = "A part of the text, in UTF-16 code units from its start.")
    record SpanBody(
            int start,
            @Schema(description = "After the last one.") int end) {

        static SpanBody of(Span span) {
            return new SpanBody(span.start(), span.end());
        }
    }

    @Schema(name = "ReportSection")
    record SectionBody(
            @Schema(allowableValues = {"untitled", "findings", "impression", "indication", "comparison", "other"})
            String section,

            SpanBody span) {}

    @Schema(name = "Mention")
    record MentionBody(
            String label,
            SpanBody span,

            @Schema(allowableValues = {"untitled", "findings", "impression", "indication", "comparison", "other"})
            String section,

            @Schema(allowableValues = {"present", "uncertain", "negated", "historical", "other-region", "comparison"})
            String assertion,

            @Schema(description = "At most one; none where a finding is merely named.")
            List<TriggerBody> triggers,

            @Schema(description = "At most one; none where the report states none.")
            List<PlaceBody> places) {

        static MentionBody of(Mention mention) {
            Mention.Trigger trigger = mention.trigger();
            Place place = mention.place();
            return new MentionBody(
                    mention.label(),
                    SpanBody.of(mention.span()),
                    word(mention.section()),
                    word(mention.assertion()),
                    trigger == null ? List.of() : List.of(new TriggerBody(trigger.rule(), SpanBody.of(trigger.span()))),
                    place == null ? List.of() : List.of(PlaceBody.of(place)));
        }
    }

    @Schema(name = "Trigger", description = "The words that made the assertion, and the rule that they are of.")
    record TriggerBody(String rule, SpanBody span) {}

    @Schema(name = "Place", description = "The place of the finding that the report states.")
    record PlaceBody(
            @Schema(
                    description = "The patient's.",
                    allowableValues = {"left", "right", "bilateral", "unstated"})
            String side,

            @Schema(
                    description = "The third of the lungs' height.",
                    allowableValues = {"upper", "middle", "lower", "unstated"})
            String zone,

            SpanBody span) {

        static PlaceBody of(Place place) {
            return new PlaceBody(word(place.side()), word(place.zone()), SpanBody.of(place.span()));
        }
    }

    @Schema(name = "ReportedLabel")
    record LabelBody(
            String label,

            @Schema(allowableValues = {"present", "uncertain", "absent", "not-mentioned"})
            String state,

            @Schema(description = "By the policy that was requested.")
            boolean positive) {}
}
