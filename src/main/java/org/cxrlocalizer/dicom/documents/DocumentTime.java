// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Locale;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.jspecify.annotations.Nullable;

/**
 * The time that a document states. It is that of its image, because the UID of a document is derived from the image as well:
 * made once more, the document must have the same bytes.
 *
 * @param date as DICOM's DA (PS3.5, section 6.2)
 * @param time as DICOM's TM, in seconds
 * @param offset from UTC, as {@code +0100}; null if the image does not state it
 */
public record DocumentTime(
        String date, String time, @Nullable String offset) {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);
    private static final String MIDNIGHT = "000000";

    /** Returns a moment in UTC. */
    static DocumentTime of(Instant moment) {
        return new DocumentTime(
                DATE.withZone(ZoneOffset.UTC).format(moment),
                TIME.withZone(ZoneOffset.UTC).format(moment),
                "+0000");
    }

    /**
     * Returns the content date and time of an image, those of its study where it has none.
     *
     * @param otherwise for an image without both
     */
    public static DocumentTime of(SourceImage source, Instant otherwise) {
        DataSet image = source.dataSet();
        DocumentTime content = of(image, Attribute.CONTENT_DATE, Attribute.CONTENT_TIME);
        DocumentTime stated = content == null ? of(image, Attribute.STUDY_DATE, Attribute.STUDY_TIME) : content;
        return stated == null ? of(otherwise) : stated;
    }

    private static @Nullable DocumentTime of(DataSet image, Attribute date, Attribute time) {
        String day = image.string(date).orElse("");
        if (!isDate(day)) {
            return null;
        }
        String second = image.string(time).orElse("").replaceFirst("\\..*$", "");
        return new DocumentTime(
                day,
                isTime(second) ? second : MIDNIGHT,
                image.string(Attribute.TIMEZONE_OFFSET_FROM_UTC)
                        .filter(offset -> offset.matches("[+-][01][0-9][0-5][0-9]"))
                        .orElse(null));
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text, DATE);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isTime(String text) {
        try {
            LocalTime.parse(text, TIME);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
