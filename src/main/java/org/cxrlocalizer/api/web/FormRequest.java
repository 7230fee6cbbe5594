// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.tomcat.util.http.fileupload.FileItem;
import org.apache.tomcat.util.http.fileupload.impl.FileCountLimitExceededException;
import org.apache.tomcat.util.http.fileupload.impl.SizeException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.support.AbstractMultipartHttpServletRequest;

/**
 * A form, taken apart when its parts are first needed. The parts of the image and of the report are files with and without a
 * file name, which some clients leave out; the other parts without one are parameters, beside those of the query.
 */
final class FormRequest extends AbstractMultipartHttpServletRequest {

    private static final Set<String> FILES = Set.of(ImageUpload.PART, ReportUpload.PART);

    private final FormParts parts;
    private List<FileItem> items = List.of();
    private @Nullable Map<String, String[]> parameters;

    FormRequest(HttpServletRequest request, FormParts parts) {
        super(request);
        this.parts = parts;
    }

    /** Removes what lies in files. */
    void close() {
        items.forEach(FileItem::delete);
    }

    @Override
    protected void initializeMultipart() {
        try {
            items = parts.parse(getRequest());
        } catch (IllegalStateException e) {
            throw new MaxUploadSizeExceededException(-1, e);
        } catch (IOException e) {
            throw isLimit(e) ? new MaxUploadSizeExceededException(-1, e) : new MultipartException("no form", e);
        }
        MultiValueMap<String, MultipartFile> files = new LinkedMultiValueMap<>();
        Map<String, List<String>> values = new LinkedHashMap<>();
        // The body was read: Tomcat adds nothing of it to the parameters of the query.
        getRequest().getParameterMap().forEach((name, given) -> values.put(name, new ArrayList<>(List.of(given))));
        for (FileItem item : items) {
            String name = item.getFieldName();
            if (item.getName() != null || FILES.contains(name)) {
                files.add(name, new FormFile(item));
            } else {
                values.computeIfAbsent(name, it -> new ArrayList<>())
                        .add(new String(item.get(), StandardCharsets.UTF_8));
            }
        }
        Map<String, String[]> all = new LinkedHashMap<>();
        values.forEach((name, given) -> all.put(name, given.toArray(String[]::new)));
        parameters = Collections.unmodifiableMap(all);
        setMultipartFiles(files);
    }

    private static boolean isLimit(IOException failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        return root instanceof SizeException || root instanceof FileCountLimitExceededException;
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        if (parameters == null) {
            initializeMultipart();
        }
        return Objects.requireNonNull(parameters);
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = getParameterMap().get(name);
        return values == null || values.length == 0 ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return getParameterMap().get(name);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(getParameterMap().keySet());
    }

    @Override
    public @Nullable String getMultipartContentType(String name) {
        MultipartFile file = getFile(name);
        return file == null ? null : file.getContentType();
    }

    @Override
    public @Nullable HttpHeaders getMultipartHeaders(String name) {
        String type = getMultipartContentType(name);
        if (type == null) {
            return null;
        }
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, type);
        return headers;
    }
}
