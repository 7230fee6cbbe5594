// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.evaluation.report.GalleryCase;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.radiograph.RadiographReaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of a report are drawn from the bytes that were scored, or not at all. */
class CaseFilesTest {

    private static final String IMAGE = "00022215_012.png";

    @TempDir
    Path folder;

    private Path images;
    private Path file;

    @BeforeEach
    void copyAnImage() throws IOException {
        images = Files.createDirectory(folder.resolve("images"));
        file = Files.write(images.resolve(IMAGE), Samples.read(Samples.NAMES.get(0)));
    }

    private byte[] paint(String sha256, Path... files) throws NoPictureException {
        return new CaseFiles(
                        Map.of(IMAGE, List.of(files)),
                        new ImageFiles(List.of(images), 1 << 22),
                        RadiographReaders.reader())
                .jpeg(new GalleryCase(
                        IMAGE,
                        sha256,
                        new ClassActivationMap(1, 2, new float[] {0, 1}),
                        ImageFrame.stretch(1024, 1024),
                        "Mass",
                        0,
                        List.of()));
    }

    private void assertNoPicture(String sha256, String reason, Path... files) {
        assertThatExceptionOfType(NoPictureException.class)
                .isThrownBy(() -> paint(sha256, files))
                .withMessageContaining(reason)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(folder.toString()));
    }

    @Test
    void whatWasScoredIsDrawnWhateverLiesBesideIt() throws Exception {
        String sha256 = DigestUtils.sha256Hex(Files.readAllBytes(file));
        byte[] picture = paint(sha256, file);
        Files.writeString(images.resolve("00022215_012.a"), "no image");
        Files.writeString(images.resolve("00022215_012.txt"), "no image");

        assertThat(paint(sha256, file)).isEqualTo(picture);
    }

    @Test
    void aFileThatChangedIsNotDrawn() throws IOException {
        String sha256 = DigestUtils.sha256Hex(Files.readAllBytes(file));
        Files.write(file, Samples.read(Samples.NAMES.get(1)));

        assertNoPicture(sha256, "changed since it was scored", file);
    }

    @Test
    void whatIsGoneTwiceThereTooLargeOrNoFileIsNotDrawn() throws IOException {
        String sha256 = DigestUtils.sha256Hex(Files.readAllBytes(file));
        Path twin = Files.copy(file, images.resolve("00022215_012.jpg"));

        assertNoPicture(sha256, "there are 2 files of this name", file, twin);
        assertNoPicture(sha256, "there are 0 files of this name");
        assertNoPicture(sha256, "no longer exists", images.resolve("gone.png"));
        assertNoPicture(sha256, "not a regular file", Files.createDirectory(images.resolve("directory.png")));
        assertNoPicture(sha256, "more than the 4194304 bytes", Files.write(file, new byte[(1 << 22) + 1]));
    }

    @Test
    void aLinkOutOfTheAllowedDirectoriesIsNotDrawn() throws IOException {
        String sha256 = DigestUtils.sha256Hex(Files.readAllBytes(file));
        Path elsewhere = Files.copy(file, folder.resolve("elsewhere.png"));
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere);

        assertNoPicture(sha256, "link out of the directories", file);
    }

    @Test
    void bytesThatAreNoImageAnyMoreForTheReaderAreNotDrawn() throws IOException {
        Files.write(file, "no image".getBytes(StandardCharsets.UTF_8));

        assertNoPicture(DigestUtils.sha256Hex(Files.readAllBytes(file)), "", file);
    }
}
