// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads boxes in a table. Beside the columns of a box, published lists have others:
 *
 * <ul>
 *   <li>VinDr-CXR (Nguyen et al., Scientific Data 2022) lists an image without a box as "No finding" with blank coordinates.
 *   <li>The RSNA Pneumonia Detection Challenge (Shih et al., Radiology: Artificial Intelligence 2019) names the image in the column "patientId"
 *       and the label in {@code Target}, 1 with a box and 0 with blank coordinates; its images have 1024 × 1024 pixels.
 *   <li>MS-CXR (Boecking et al., ECCV 2022) states {@code image_width} and {@code image_height}, and the patient in the path.
 * </ul>
 *
 * @param target -1 if the list is not the challenge's
 * @param patient -1 without such a column, as width and height
 */
record TableBoxes(
        BoxColumns columns, BoxLines lines, ImageNames images, int target, int patient, int width, int height) {

    /** What the challenge's list calls a finding by its name alone. */
    private static final String CHALLENGE_LABEL = "Pneumonia";

    /** @throws InvalidDatasetException if a column is missing, or more than one could be it */
    static TableBoxes of(TableHeader header, BoxLines lines) {
        boolean scored = lines.isScored();
        int target = !scored && header.isOfChallenge() ? header.find("Target", Set.of("target")) : -1;
        BoxColumns columns = BoxColumns.of(header, scored, target < 0);
        int patient = scored ? -1 : header.find("Patient ID", Set.of("patientid", "subjectid", "patient"));
        return new TableBoxes(
                columns,
                lines,
                new ImageNames(),
                target,
                patient == columns.image() ? -1 : patient,
                header.find("image_width", Set.of("imagewidth")),
                header.find("image_height", Set.of("imageheight")));
    }

    void add(Table.Row row) {
        if (lines.isScored()) {
            lines.add(row.line(), () -> {
                row.requireColumns(Math.max(columns.count(), 1 + Math.max(width, height)));
                String image = images.read(row.field(columns.image()));
                lines.check(new ListedImage(image, size(row), null));
                return box(row, image);
            });
            return;
        }
        lines.addAll(row.line(), () -> {
            row.requireColumns(
                    Math.max(columns.count(), 1 + Math.max(Math.max(target, patient), Math.max(width, height))));
            String image = images.read(row.field(columns.image()));
            lines.addImage(row.line(), () -> new ListedImage(image, size(row), patient(row)));
            return isWithoutFinding(row) ? List.of() : List.of(box(row, image));
        });
    }

    private boolean isWithoutFinding(Table.Row row) {
        return target >= 0
                ? row.field(target).equals("0")
                : ChestXray14.isNoFinding(row.field(columns.label())) && columns.isBlank(row);
    }

    private ListedBox box(Table.Row row, String image) {
        row.requireColumns(columns.count());
        String label = target >= 0 ? CHALLENGE_LABEL : row.field(columns.label());
        return new ListedBox(row.line(), image, lines.label(image, label), columns.box(row), columns.score(row));
    }

    private @Nullable ImageSize size(Table.Row row) {
        if (target >= 0) {
            return ImageSize.RELEASED;
        }
        if (width < 0 || height < 0) {
            return null;
        }
        return new ImageSize((int) BoxColumns.number(row, width), (int) BoxColumns.number(row, height));
    }

    private @Nullable String patient(Table.Row row) {
        return patient >= 0 && !row.field(patient).isEmpty()
                ? row.field(patient)
                : ImageNames.patient(row.field(columns.image()));
    }
}
