// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UidTest {

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.2.840.10008.1.2", "2.25.164809366884330646135244734800832985349", "1.2.03"})
    void digitsAndDotsAreAUid(String text) {
        assertThat(Uid.isValid(text)).isTrue();
        assertThat(Uid.isValid(Uid.withoutPadding(text + "\0"))).isTrue();
        assertThat(Uid.isValid(Uid.withoutPadding(text + "  "))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1.",
                ".1",
                "1..2",
                "1.2 3",
                " 1.2",
                "1.2\n",
                "1.2\\1.3",
                "1.2/..",
                "x/../../admin?a=",
                "1.2%2e",
                "1.2?",
                "1.2#",
                "-1.2",
                "1,2",
                "\u0661.\u0662",
                "1.2\0003"
            })
    void anythingElseIsNone(String text) {
        assertThat(Uid.isValid(text)).isFalse();
    }

    @Test
    void aUidHasAtMostSixtyFourCharacters() {
        assertThat(Uid.isValid("1." + "2".repeat(62))).isTrue();
        assertThat(Uid.isValid("1." + "2".repeat(63))).isFalse();
    }
}
