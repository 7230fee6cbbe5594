package org.cxrlocalizer.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.apache.commons.io.input.BOMInputStream;
import org.springframework.core.io.Resource;

/** Opens the dataset's text files: UTF-8 with or without a byte order mark, plain or gzip, told by the first bytes. */
final class DatasetFile {

    private DatasetFile() {}

    static Reader open(Resource resource) throws IOException {
        InputStream bytes = resource.getInputStream();
        try {
            PushbackInputStream raw = new PushbackInputStream(bytes, 2);
            byte[] first = raw.readNBytes(2);
            raw.unread(first);
            boolean gzip = first.length == 2 && first[0] == (byte) 0x1F && first[1] == (byte) 0x8B;
            InputStream text = BOMInputStream.builder()
                    .setInputStream(new BufferedInputStream(gzip ? new GZIPInputStream(raw) : raw))
                    .get();
            return new InputStreamReader(text, StandardCharsets.UTF_8);
        } catch (IOException e) {
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
