// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.tomcat.util.http.fileupload.disk.DiskFileItem;
import org.jspecify.annotations.Nullable;

/** A part of a form that is kept in memory, up to a number of bytes; the others are discarded. */
final class MemoryItem extends DiskFileItem {

    private final int kept;

    MemoryItem(String name, @Nullable String type, boolean isField, @Nullable String fileName, int kept) {
        super(name, type, isField, fileName, Integer.MAX_VALUE, new File("."));
        this.kept = kept;
    }

    @Override
    public OutputStream getOutputStream() {
        return new FilterOutputStream(super.getOutputStream()) {

            private int left = kept;

            @Override
            public void write(int b) throws IOException {
                if (left > 0) {
                    left--;
                    out.write(b);
                }
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                int written = Math.min(left, length);
                left -= written;
                out.write(bytes, offset, written);
            }
        };
    }
}
