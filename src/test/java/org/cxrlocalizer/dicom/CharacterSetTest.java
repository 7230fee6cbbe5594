package org.cxrlocalizer.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
