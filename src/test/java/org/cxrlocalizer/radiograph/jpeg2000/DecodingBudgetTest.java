// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.DicomException;
import org.junit.jupiter.api.Test;

class DecodingBudgetTest {

    private final byte[] image =
            Jpeg2000CodeStream.normalised(Samples.content("dicom/many-packets.j2k"), new ArrayList<>());

    @Test
    void anImageWhoseTimeIsSpentIsRefused() {
        assertThatExceptionOfType(DicomException.class)
                .isThrownBy(() -> Jpeg2000Frame.decode(image, 64, 60, 1, new DecodingBudget(0)))
                .withMessageContaining("longer to decode");
    }

    @Test
    void aLoopThatOnlyReadsIsEnded() {
        try (EofFailingStream stream = new EofFailingStream(image, new DecodingBudget(0))) {
            assertThatExceptionOfType(DicomException.class).isThrownBy(() -> {
                while (true) {
                    stream.seek(0);
                    stream.read();
                }
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
