// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Decoding that replaces no byte. */
final class Decoding {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private Decoding() {}

    /** @throws UnreadableReportException if the bytes are no text of the character set */
    static String decode(byte[] bytes, Charset charset) {
        try {
            String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UnreadableReportException("The report is not valid %s.".formatted(charset.name()));
        }
    }

    static String utf8(byte[] bytes) {
        return decode(bytes, StandardCharsets.UTF_8);
    }
}
