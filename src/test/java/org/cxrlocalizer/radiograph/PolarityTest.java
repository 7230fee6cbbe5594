package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;

class PolarityTest {

    private static boolean looksNegative(Radiograph image) {
        return Polarity.looksNegative(image.samples(), image.width(), image.height(), image.maximum());
    }

    private static boolean negativeLooksNegative(Radiograph image) {
        short[] negative = image.samples().clone();
        for (int i = 0; i < negative.length; i++) {
            negative[i] = (short) (image.maximum() - (negative[i] & 0xffff));
        }
        return Polarity.looksNegative(negative, image.width(), image.height(), image.maximum());
    }

    @Test
    void theBundledImagesAreNoNegativesAndTheirNegativesAre() throws IOException {
        for (String name : Samples.NAMES) {
            Radiograph image = RadiographReaders.reader().read(Samples.read(name));

            assertThat(looksNegative(image)).as(name).isFalse();
            assertThat(negativeLooksNegative(image)).as(name).isTrue();
        }
    }

    @Test
    void aPlainPictureIsNoNegative() {
        assertThat(Polarity.looksNegative(new short[100], 10, 10, 255)).isFalse();
        assertThat(Polarity.looksNegative(new short[1], 1, 1, 255)).isFalse();
    }

    @Test
    void ofTheBoxedImagesHardlyAnyLooksNegativeAndMostNegativesDo() throws IOException {
        Path boxed = Path.of(System.getProperty("cxr.shared", "../shared/nih"), "boxed");
        assumeThat(boxed).as("the shared NIH data").isDirectory();
        List<Path> files;
        try (Stream<Path> all = Files.list(boxed)) {
            files = all.sorted().toList();
        }
        int wrong = 0;
        int found = 0;
        for (Path file : files) {
            Radiograph image = RadiographReaders.reader().read(Files.readAllBytes(file));
            wrong += looksNegative(image) ? 1 : 0;
            found += negativeLooksNegative(image) ? 1 : 0;
        }
        assertThat(wrong).isLessThanOrEqualTo(files.size() / 50);
        assertThat(found).isGreaterThan(files.size() * 8 / 10);
    }
}
