// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.http.HttpServletRequest;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.tomcat.util.http.fileupload.FileItem;
import org.apache.tomcat.util.http.fileupload.FileItemFactory;
import org.apache.tomcat.util.http.fileupload.FileItemHeaders;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.disk.DiskFileItem;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.cxrlocalizer.reports.ReportsProperties;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.stereotype.Component;

/**
 * Takes forms apart as Tomcat does, with its limits, but for the part of a report: that is never written to a file, however
 * large it is. A longer one than the limit is cut one byte after it.
 */
@Component
class FormParts {

    private final MultipartConfigElement limits;
    private final TomcatServerProperties server;
    private final int longestReport;

    FormParts(MultipartConfigElement limits, TomcatServerProperties server, ReportsProperties reports) {
        this.limits = limits;
        this.server = server;
        longestReport = Math.toIntExact(reports.maxSize().toBytes());
    }

    /**
     * Reads the body of a request.
     *
     * @throws IllegalStateException if the parts without a file name have more bytes than Tomcat allows
     */
    List<FileItem> parse(HttpServletRequest request) throws IOException {
        FileUpload upload = new EachPart();
        upload.setFileItemFactory(factory());
        upload.setFileSizeMax(limits.getMaxFileSize());
        upload.setSizeMax(limits.getMaxRequestSize());
        upload.setFileCountMax(server.getMaxPartCount());
        upload.setPartHeaderSizeMax(
                Math.toIntExact(server.getMaxPartHeaderSize().toBytes()));
        List<FileItem> items = upload.parseRequest(new ServletRequestContext(request));
        requireShortFields(items);
        return items;
    }

    private FileItemFactory factory() {
        File directory = new File(limits.getLocation());
        boolean[] hasReport = {false};
        return (name, type, isField, fileName) -> {
            if (!name.equals(ReportUpload.PART)) {
                return new DiskFileItem(name, type, isField, fileName, limits.getFileSizeThreshold(), directory);
            }
            int kept = hasReport[0] ? 0 : longestReport + 1; // a second one is refused
            hasReport[0] = true;
            return new MemoryItem(name, type, isField, fileName, kept);
        };
    }

    private void requireShortFields(List<FileItem> items) {
        long most = server.getMaxHttpFormPostSize().toBytes();
        long size = items.stream()
                .filter(item -> item.getName() == null)
                .mapToLong(item -> item.getFieldName().getBytes(StandardCharsets.UTF_8).length + item.getSize() + 2)
                .sum();
        if (most >= 0 && size > most) {
            items.forEach(FileItem::delete);
            throw new IllegalStateException("The fields exceed the maximum size.");
        }
    }

    /** Gives a part without a name the empty name, so that it is refused as unknown. Tomcat would leave it out. */
    private static final class EachPart extends FileUpload {

        @Override
        public String getFieldName(FileItemHeaders headers) {
            String name = super.getFieldName(headers);
            return name == null ? "" : name;
        }
    }
}
