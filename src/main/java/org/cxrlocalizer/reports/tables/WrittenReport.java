// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.tables;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.cxrlocalizer.reports.ReportLabeller;
import org.cxrlocalizer.reports.ReportLabels;
import org.cxrlocalizer.reports.ReportText;

/**
 * A report of a table, read.
 *
 * @param image as the table names it
 */
public record WrittenReport(String image, ReportText text, ReportLabels labels) {

    /**
     * Reads some reports of a table.
     *
     * @param wanted decides by its name in the table whether the report of an image is read
     * @param most reports that are read; others are ignored
     * @throws InvalidReportTableException if the table cannot be read
     */
    public static List<WrittenReport> read(Path table, ReportLabeller labeller, Predicate<String> wanted, int most)
            throws IOException {
        List<WrittenReport> reports = new ArrayList<>();
        ReportRows.read(table, labeller, (image, report) -> {
            if (reports.size() < most && wanted.test(image)) {
                ReportText text = report.get();
                reports.add(new WrittenReport(image, text, labeller.read(text)));
            }
        });
        return List.copyOf(reports);
    }

    /** A report is private: no log, message or trace may show a part of it. */
    @Override
    public String toString() {
        return text.toString();
    }
}
