// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.NihData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Measures the labels on the annotated reports beside the project, none of which is committed. The lexicon and the rules were
 * made with one half of them in view, which a hash of the report's name chooses; the figures are of the other half.
 * {@code -Dreports.update=true} writes the table of {@code src/docs/reports.md}.
 */
class OpenIReportsTest {

    private static final Path REPORTS = NihData.FOLDER.resolveSibling("reports").resolve("openi_reports_labels.csv.gz");
    private static final Path DOCUMENT = Path.of("src/docs/reports.md");
    private static final String START = "<!-- figures -->\n";
    private static final String END = "<!-- end of figures -->";

    private static final List<byte[]> SEEN = new ArrayList<>();
    private static final List<byte[]> UNSEEN = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        assumeThat(REPORTS).as("the shared reports").exists();
        ReportLabeller labeller = ReportLabeller.read();
        try (Reader text = new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(REPORTS)), StandardCharsets.UTF_8);
                CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(text)) {
            for (NamedCsvRecord row : rows) {
                boolean seen = (DigestUtils.sha256(row.getField("report"))[0] & 1) == 0;
                (seen ? SEEN : UNSEEN).add(compare(row, labeller));
            }
        }
    }

    private static byte[] compare(NamedCsvRecord row, ReportLabeller labeller) {
        Map<Section, String> texts = new LinkedHashMap<>();
        texts.put(Section.INDICATION, row.getField("indication"));
        texts.put(Section.COMPARISON, row.getField("comparison"));
        texts.put(Section.FINDINGS, row.getField("findings"));
        texts.put(Section.IMPRESSION, row.getField("impression"));
        List<String> found = labeller.read(ReportText.of(texts)).accepted(LabelPolicy.CERTAIN);
        byte[] labels = new byte[ReportLabels.LABELS.size()];
        for (int i = 0; i < labels.length; i++) {
            String label = ReportLabels.LABELS.get(i);
            labels[i] = (byte)
                    ((found.contains(label) ? 2 : 0) + (row.getField(label).equals("1") ? 1 : 0));
        }
        return labels;
    }

    @Test
    void theHalfThatWasNotInViewReachesTheGoal() {
        LabelFigures figures = new LabelFigures(UNSEEN);

        assertThat(UNSEEN).hasSizeGreaterThan(1400);
        assertThat(figures.micro()).isGreaterThanOrEqualTo(.92);
        assertThat(figures.macro()).isGreaterThanOrEqualTo(.87);
        assertThat(figures.microOfAll()).isGreaterThanOrEqualTo(.91);
    }

    @Test
    void theDocumentHasTheFigures() throws IOException {
        String text = Files.readString(DOCUMENT);
        String head = text.substring(0, text.indexOf(START) + START.length());
        String tail = text.substring(text.indexOf(END));
        String figures = "\n%d reports that were not in view:%n%n%s%nThe %d in view: micro F1 %.3f, macro %.3f.%n%n"
                .formatted(
                        UNSEEN.size(),
                        new LabelFigures(UNSEEN).table(),
                        SEEN.size(),
                        new LabelFigures(SEEN).micro(),
                        new LabelFigures(SEEN).macro());
        if (Boolean.getBoolean("reports.update")) {
            Files.writeString(DOCUMENT, head + figures + tail);
        }

        assertThat(Files.readString(DOCUMENT)).isEqualTo(head + figures + tail);
    }
}
