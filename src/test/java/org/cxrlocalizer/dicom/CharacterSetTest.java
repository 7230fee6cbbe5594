// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of PS3.5, annexes H, I and J; an escape is written as ~, and a byte above 7f as a Latin-1 character. */
class CharacterSetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                            | Doe^John                                     | Doe^John",
                "ISO_IR 100                    | Buc^J\u00e9r\u00f4me                          | Buc^Jérôme",
                "ISO_IR 144                    | \u00bb\u00ee\u00dace\u00dc\u00d1yp\u00d3 | Люкceмбypг",
                "ISO_IR 192                    | \u00c3\u0084nne                              | Änne",
                "ISO 2022 IR 6\\ISO 2022 IR 87 | Yamada^Tarou=~$B;3ED~(B^~$BB@O:~(B=~$B$d$^$@~(B^~$B$?$m$&~(B"
                        + " | Yamada^Tarou=山田^太郎=やまだ^たろう",
                "\\ISO 2022 IR 149             | Hong^Gildong=~$)C\u00fb\u00f3^~$)C\u00d1\u00ce\u00d4\u00d7"
                        + "=~$)C\u00c8\u00ab^~$)C\u00b1\u00e6\u00b5\u00bf | Hong^Gildong=洪^吉洞=홍^길동",
                "ISO 2022 IR 100\\ISO 2022 IR 101 | \u00e9~-B\u00a1^\u00e9                    | éĄ^é",
                "ISO_IR 999                    | plain                                        | plain",
                "ISO 2022 IR 6                 | cut short ~$                                 | cut short ",
            })
    void textIsReadByTheTermsOfItsDataSet(String terms, String bytes, String text) {
        byte[] content = bytes.replace('~', '\u001b').getBytes(StandardCharsets.ISO_8859_1);

        String decoded = CharacterSet.of(List.of(terms.split("\\\\"))).decode(ByteBuffer.wrap(content));

        assertThat(decoded.strip()).isEqualTo(text.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ISO_IR 100",
                "ISO_IR_100",
                "ISO-IR 100",
                "ISO IR 100",
                "ISO_IR100",
                "ISOIR100",
                "iso_ir 100",
                " ISO_IR 100 ",
                "IR 100",
                "100",
                "ISO 2022 IR 100",
                "ISO_2022_IR_100",
                "ISO2022IR100",
                "ISO 8859-1",
                "ISO_8859-1",
                "ISO-8859-1",
                "8859-1",
                "LATIN1",
                "Latin-1",
                "ISO_IR 192",
                "ISO IR 192",
                "ISO_IR192",
                "ISO 2022 IR 192",
                "UTF-8",
                "UTF8",
                "utf8",
                "utf_8",
                "GB18030",
                "GBK",
                "gbk",
                "ISO 2022 GBK",
                "WINDOWS-1252",
                "WINDOWS1252",
                "CP1252",
                "CP-1252"
            })
    void usualMisspellingsAreUnderstood(String term) {
        CharacterSet characterSet = CharacterSet.of(List.of(term));
        String compact = term.toUpperCase(Locale.ROOT);
        Charset charset = compact.contains("192") || compact.contains("UTF")
                ? StandardCharsets.UTF_8
                : compact.contains("GB") ? Charset.forName("GB18030") : StandardCharsets.ISO_8859_1;
        String name = charset.name().equals("GB18030") ? "Wang^王" : "Müller^Jörg";
        ByteBuffer content = ByteBuffer.wrap(name.getBytes(charset));

        assertThat(characterSet.decode(content)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-IR 101,Łódź",
        "ISO_IR-144,Люк",
        "iso_ir 126,Διο",
        "ISO 8859-5,Люк",
        "ISO_IR 203,Œuf€",
        "WINDOWS-1251,Люк",
        "EUC-KR,홍길동",
        "ISO_IR 149,홍길동",
        "ISO 2022 IR 58,王小东",
        "Shift_JIS,山田"
    })
    void otherRepertoiresAreUnderstoodToo(String term, String text) {
        Charset charset = Charset.forName(
                switch (term) {
                    case "ISO-IR 101" -> "ISO-8859-2";
                    case "ISO_IR-144", "ISO 8859-5" -> "ISO-8859-5";
                    case "iso_ir 126" -> "ISO-8859-7";
                    case "ISO_IR 203" -> "ISO-8859-15";
                    case "ISO_IR 149" -> "EUC-KR";
                    case "ISO 2022 IR 58" -> "GB2312";
                    default -> term;
                });
        ByteBuffer content = ByteBuffer.wrap(text.getBytes(charset));

        assertThat(CharacterSet.of(List.of(term)).decode(content)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO_IR 999", "UTF-16", "IBM1047", "???", "KLINGON"})
    void textOfAnUnknownTermIsReadAsAsciiWithReplacementCharacters(String term) {
        ByteBuffer content = ByteBuffer.wrap("M\u00dc-17".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(CharacterSet.of(List.of(term)).decode(content)).isEqualTo("M\ufffd-17");
    }

    @Test
    void romanLettersOfJisKeepTheirBytes() {
        ByteBuffer content = ByteBuffer.wrap("1\\7~".getBytes(StandardCharsets.US_ASCII));

        assertThat(CharacterSet.of(List.of("ISO_IR 13")).decode(content)).isEqualTo("1\\7~");
    }
}
