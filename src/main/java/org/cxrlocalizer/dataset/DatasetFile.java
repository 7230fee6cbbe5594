// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.apache.commons.io.ByteOrderMark;
import org.apache.commons.io.input.BOMInputStream;
import org.springframework.core.io.Resource;

/**
 * Opens the dataset's text files, plain or gzip, recognized by the first bytes: UTF-8 with or without a byte order mark, or UTF-16
 * with one.
 */
final class DatasetFile {

    private DatasetFile() {}

    /** @throws InvalidDatasetException if it cannot be text; of what is read later, too, if it is damaged */
    static Reader open(Resource resource) throws IOException {
        return open(resource, Long.MAX_VALUE);
    }

    /**
     * Opens a file of limited size.
     *
     * @param mostCharacters that it may have, unpacked
     * @throws InvalidDatasetException if it cannot be text; of what is read later, too, if it is damaged or has more characters
     */
    static Reader open(Resource resource, long mostCharacters) throws IOException {
        String name = name(resource);
        InputStream bytes = resource.getInputStream();
        try {
            PushbackInputStream raw = new PushbackInputStream(bytes, 2);
            byte[] first = raw.readNBytes(2);
            raw.unread(first);
            if (first.length == 2 && first[0] == 'P' && first[1] == 'K') {
                throw new InvalidDatasetException(
                        "%s is a ZIP archive or a workbook. Text is read, plain or gzip.".formatted(name));
            }
            boolean gzip = first.length == 2 && first[0] == (byte) 0x1F && first[1] == (byte) 0x8B;
            BOMInputStream text = BOMInputStream.builder()
                    .setInputStream(new BufferedInputStream(gzip ? new GZIPInputStream(raw) : raw))
                    .setByteOrderMarks(ByteOrderMark.UTF_8, ByteOrderMark.UTF_16LE, ByteOrderMark.UTF_16BE)
                    .get();
            Charset charset = text.hasBOM() ? Charset.forName(text.getBOMCharsetName()) : StandardCharsets.UTF_8;
            return new CheckedText(name, new InputStreamReader(text, charset), mostCharacters);
        } catch (IOException e) {
            bytes.close();
            throw CheckedText.unlessDamaged(name, e);
        } catch (InvalidDatasetException e) {
            bytes.close();
            throw e;
        }
    }

    /** The name for messages. */
    static String name(Resource resource) {
        String name = resource.getFilename();
        return name == null ? resource.getDescription() : name;
    }
}
