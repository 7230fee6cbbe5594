// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.apache.tomcat.util.http.fileupload.FileItem;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;

/** A part of a form that is a file. */
record FormFile(FileItem item) implements MultipartFile {

    @Override
    public String getName() {
        return item.getFieldName();
    }

    @Override
    public @Nullable String getOriginalFilename() {
        return item.getName();
    }

    @Override
    public @Nullable String getContentType() {
        return item.getContentType();
    }

    @Override
    public boolean isEmpty() {
        return item.getSize() == 0;
    }

    @Override
    public long getSize() {
        return item.getSize();
    }

    @Override
    public byte[] getBytes() throws IOException {
        try (InputStream content = getInputStream()) {
            return content.readAllBytes();
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return item.getInputStream();
    }

    @Override
    public void transferTo(File file) throws IOException {
        try (InputStream content = getInputStream()) {
            Files.copy(content, file.toPath());
        }
    }

    /** Its name may be that of a patient. */
    @Override
    public String toString() {
        return "a part of %d bytes".formatted(getSize());
    }
}
