// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.management.ThreadMXBean;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.cxrlocalizer.dataset.DataEntries;
import org.cxrlocalizer.dataset.ImageEntry;
import org.cxrlocalizer.dataset.Parsed;
import org.cxrlocalizer.reports.LabelPolicy;
import org.cxrlocalizer.reports.ReportLabeller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.FileSystemResource;

class ReportTableTest {

    private static final ReportLabeller LABELLER = ReportLabeller.read();

    @TempDir
    Path folder;

    private Path output() {
        return folder.resolve("labels.csv");
    }

    private List<String> label(String table, LabelPolicy policy) throws IOException {
        Path input = Files.writeString(folder.resolve("reports.csv"), table);
        new ReportTable(LABELLER, policy).label(input, output());
        return Files.readAllLines(output());
    }

    @Test
    void reportsBySectionsAreLabelled() throws IOException {
        assertThat(label("""
                        \uFEFF"Image Index",Findings,Impression,Indication
                        00000001_000.png,"No effusion, no edema.","Mass and nodule.
                        Possible pneumonia.",Hernia
                        00000002_000.png,Normal heart size.,,
                        """, LabelPolicy.CERTAIN))
                .containsExactly(
                        "Image Index,Finding Labels,Uncertain Labels",
                        "00000001_000.png,Mass|Nodule,Pneumonia",
                        "00000002_000.png,No Finding,");
    }

    @Test
    void wholeReportsAreLabelledByTheirHeadings() throws IOException {
        String table = "id,text\n1,\"HISTORY: Mass. FINDINGS: Possible edema.\"\n";

        assertThat(label(table, LabelPolicy.CERTAIN)).endsWith("1,No Finding,Edema");
        assertThat(label(table, LabelPolicy.UNCERTAIN_TOO)).endsWith("1,Edema,");
    }

    @Test
    void theOutputIsReadAsTheDatasetsLabels() throws IOException {
        label("image,text\n00000001_000.png,Cardiomegaly.\n00000002_000.png,Clear lungs.\n", LabelPolicy.CERTAIN);

        Parsed<List<ImageEntry>> entries = DataEntries.read(new FileSystemResource(output()));

        assertThat(entries.problems()).isEmpty();
        assertThat(entries.content())
                .extracting(ImageEntry::imageIndex, entry -> String.join("|", entry.findings()))
                .containsExactly(tuple("00000001_000.png", "Cardiomegaly"), tuple("00000002_000.png", ""));
    }

    @Test
    void gzipIsRead() throws IOException {
        Path input = folder.resolve("reports.csv.gz");
        try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(input))) {
            file.write("id,text\n7,Edema.\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(new ReportTable(LABELLER, LabelPolicy.CERTAIN).label(input, output()))
                .isEqualTo(1);
        assertThat(output()).content().endsWith("7,Edema,\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "image,notes\n1,Zq7Planted\n",
                "findings,impression\nZq7Planted,x\n",
                "image,file,text\n1,2,Zq7Planted\n",
                "id,impression,conclusion\n1,2,Zq7Planted\n",
                "id,text\nZq7Planted\n",
                "id,text\n1,\"Zq7Planted\"x\n"
            })
    void aTableThatCannotBeReadIsRefusedWithoutAWordOfIt(String table) {
        assertThatThrownBy(() -> label(table, LabelPolicy.CERTAIN))
                .isInstanceOf(InvalidReportTableException.class)
                .hasMessageNotContaining("Zq7");
        assertThat(folder)
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("labels"));
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path input = Files.write(folder.resolve("reports.csv"), new byte[] {'i', 'd', ',', (byte) 0xff, '\n'});

        assertThatThrownBy(() -> new ReportTable(LABELLER, LabelPolicy.CERTAIN).label(input, output()))
                .isInstanceOf(InvalidReportTableException.class);
    }

    /** A hundred thousand a minute on two cores are 833 a second of processor time, and the memory is one line's. */
    @Test
    void fortyThousandReportsTakeLessThanTheirShareOfAMinute() throws IOException {
        int reports = 40_000;
        Path input = folder.resolve("many.csv");
        try (BufferedWriter file = Files.newBufferedWriter(input)) {
            file.write("id,findings,impression\n");
            for (int i = 0; i < reports; i++) {
                file.write(i
                        + ",\"The heart size and mediastinal contours are within normal limits. There is a small left"
                        + " pleural effusion. No focal consolidation, pneumothorax, or edema is seen. Degenerative"
                        + " changes of the thoracic spine are noted. Left basilar opacity may represent atelectasis"
                        + " or early pneumonia.\",\"1. Small left effusion. 2. No acute cardiopulmonary"
                        + " abnormality. Follow-up is recommended to document resolution.\"\n");
            }
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();

        assertThat(new ReportTable(LABELLER, LabelPolicy.CERTAIN).label(input, output()))
                .isEqualTo(reports);

        Duration taken = Duration.ofNanos(threads.getCurrentThreadCpuTime() - before);
        assertThat(taken).isLessThan(Duration.ofSeconds(2 * 60 * reports / 100_000));
    }
}
