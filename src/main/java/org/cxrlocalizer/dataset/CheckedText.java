// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.util.zip.ZipException;
import org.apache.commons.io.input.ProxyReader;

/** The text of a dataset file, which must be whole once it is unpacked, and may have only so many characters. */
final class CheckedText extends ProxyReader {

    private final String file;
    private final long mostCharacters;
    private long characters;

    CheckedText(String file, Reader text, long mostCharacters) {
        super(text);
        this.file = file;
        this.mostCharacters = mostCharacters;
    }

    @Override
    protected void afterRead(int read) {
        characters += Math.max(0, read);
        if (characters > mostCharacters) {
            throw new InvalidDatasetException(
                    "%s has more than %d characters, unpacked.".formatted(file, mostCharacters));
        }
    }

    @Override
    protected void handleIOException(IOException e) throws IOException {
        throw unlessDamaged(file, e);
    }

    /** @throws InvalidDatasetException if the exception is a gzip file's that is cut short or damaged */
    static IOException unlessDamaged(String file, IOException e) {
        if (e instanceof ZipException || e instanceof EOFException) {
            throw new InvalidDatasetException("%s is damaged, or not whole: gzip cannot unpack it.".formatted(file));
        }
        return e;
    }
}
