// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.concurrent.Semaphore;
import org.cxrlocalizer.reports.ReportLabeller;
import org.cxrlocalizer.reports.ReportLabels;
import org.cxrlocalizer.reports.ReportText;
import org.cxrlocalizer.reports.ReportsProperties;
import org.springframework.stereotype.Component;

/** Reads reports of callers, within limits. Nothing of a report is kept, logged or written. */
@Component
public class ReportReader {

    /** No report has so many; an answer with more takes more memory than the limit on the text foresees. */
    private static final int MOST_MENTIONS = 5000;

    private final ReportLabeller labeller;
    private final int maxSize;

    /** Words of a text take many times its memory while it is read: no more texts than processors at a time. */
    private final Semaphore readers = new Semaphore(Runtime.getRuntime().availableProcessors());

    ReportReader(ReportLabeller labeller, ReportsProperties properties) {
        this.labeller = labeller;
        maxSize = Math.toIntExact(properties.maxSize().toBytes());
    }

    /**
     * Reads a report.
     *
     * @param charset of plain text; the other forms state theirs
     * @throws ReportTooLargeException if the body or the text is longer than the limit, or has too many findings in it
     * @throws UnreadableReportException if the body is not of the form, or has no text
     */
    public ReadReport read(InputStream body, ReportForm form, Charset charset) throws IOException {
        byte[] bytes = body.readNBytes(maxSize + 1);
        requireLimit(bytes.length);
        readers.acquireUninterruptibly();
        try {
            String text = form.text(bytes, charset);
            if (text.isBlank()) {
                throw new UnreadableReportException("The report is empty.");
            }
            requireLimit(text.length());
            ReportText report = labeller.split(text);
            ReportLabels labels = labeller.read(report);
            if (labels.mentions().size() > MOST_MENTIONS) {
                throw new ReportTooLargeException(
                        "The report mentions findings more than %d times.".formatted(MOST_MENTIONS));
            }
            return new ReadReport(report, labels);
        } finally {
            readers.release();
        }
    }

    private void requireLimit(int length) {
        if (length > maxSize) {
            throw new ReportTooLargeException(
                    "The report is longer than %d bytes or characters (reports.max-size).".formatted(maxSize));
        }
    }
}
