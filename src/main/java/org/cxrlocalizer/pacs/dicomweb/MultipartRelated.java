// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bodies of DICOM files in one message (PS3.18, section 8.6.1.2; RFC 2387). */
final class MultipartRelated {

    static final String DICOM = "application/dicom";

    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary\\s*=\\s*(?:\"([^\"]+)\"|([^;\\s]+))", Pattern.CASE_INSENSITIVE);
    private static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private MultipartRelated() {}

    /** A body to send, and its media type. */
    record Message(String contentType, byte[] body) {}

    static Message of(List<byte[]> files) {
        String boundary = UUID.randomUUID().toString();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] file : files) {
            body.writeBytes("--%s\r\nContent-Type: %s\r\n\r\n"
                    .formatted(boundary, DICOM)
                    .getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(file);
            body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        body.writeBytes("--%s--\r\n".formatted(boundary).getBytes(StandardCharsets.US_ASCII));
        return new Message(
                "multipart/related; type=\"%s\"; boundary=%s".formatted(DICOM, boundary), body.toByteArray());
    }

    /**
     * The only file in an answer.
     *
     * @throws PacsException if there is none, or more than one
     */
    static byte[] file(String contentType, byte[] body) {
        String type = contentType.split(";", 2)[0].strip();
        if (type.equalsIgnoreCase(DICOM)) {
            return body;
        }
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!type.equalsIgnoreCase("multipart/related") || !boundary.find()) {
            throw new PacsException("The PACS answered with another media type than that of DICOM files.", false);
        }
        byte[] delimiter = ("--" + (boundary.group(1) != null ? boundary.group(1) : boundary.group(2)))
                .getBytes(StandardCharsets.US_ASCII);
        int head = indexOf(body, delimiter, 0);
        int start = head < 0 ? -1 : indexOf(body, BLANK_LINE, head);
        int end = start < 0 ? -1 : indexOf(body, withLineBreak(delimiter), start + 2);
        if (end < 0) {
            throw new PacsException("The PACS answered with a multipart message that has no file.", false);
        }
        int next = end + 2 + delimiter.length;
        if (next + 1 >= body.length || body[next] != '-' || body[next + 1] != '-') {
            throw new PacsException("The PACS answered with more than one file.", false);
        }
        return Arrays.copyOfRange(body, start + BLANK_LINE.length, end);
    }

    private static byte[] withLineBreak(byte[] delimiter) {
        return ("\r\n" + new String(delimiter, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
    }

    private static int indexOf(byte[] bytes, byte[] wanted, int from) {
        for (int i = from; i <= bytes.length - wanted.length; i++) {
            int j = 0;
            while (j < wanted.length && bytes[i + j] == wanted[j]) {
                j++;
            }
            if (j == wanted.length) {
                return i;
            }
        }
        return -1;
    }
}
