// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of images in one list. Folders and the file's ending are no part of an image index, which ends in {@code .png}
 * as the released names do, whatever a copy's format is.
 */
public final class ImageNames {

    private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "dcm", "dicom");

    private static final Pattern CHEXPERT = Pattern.compile("patient\\d+_study\\d+_");
    private static final Pattern CHEXPERT_PATH =
            Pattern.compile("(?:^|[/\\\\])(patient\\d+)[/\\\\](study\\d+)[/\\\\]([^/\\\\]+)$");
    private static final Pattern MIMIC_PATH = Pattern.compile("(?:^|[/\\\\])(p\\d{8})[/\\\\]s\\d{8}[/\\\\]");

    /** Image index to its folder, of names that are not of the dataset: another folder may hold another image of that name. */
    private final Map<String, String> folders = new HashMap<>();

    /** Whether a file's name ends as those of images do. */
    public static boolean hasEnding(String fileName) {
        return stemLength(fileName) < fileName.length();
    }

    /** Returns the image index of a file's name, as {@code 00000032_037.png} of {@code 00000032_037.PNG}. */
    public static String index(String fileName) {
        return fileName.substring(0, stemLength(fileName)) + ".png";
    }

    /**
     * Returns the image index of a path. Folders are no part of it, but for CheXpert's names: {@code
     * patient1/study1/view1_frontal.jpg} becomes {@code patient1_study1_view1_frontal.png}.
     */
    public static String ofPath(String path) {
        Matcher chexpert = CHEXPERT_PATH.matcher(path);
        return index(
                chexpert.find()
                        ? "%s_%s_%s".formatted(chexpert.group(1), chexpert.group(2), chexpert.group(3))
                        : path.substring(folderLength(path)));
    }

    /** Whether a name is of the form that {@link #ofPath} gives to CheXpert's images. */
    static boolean isOfChexpert(String imageIndex) {
        return CHEXPERT.matcher(imageIndex).lookingAt();
    }

    /** Returns the patient that a path of MIMIC-CXR names, as {@code p10000032/s50414267/}; null of any other path. */
    static @Nullable String patient(String path) {
        Matcher mimic = MIMIC_PATH.matcher(path);
        return mimic.find() ? mimic.group(1) : null;
    }

    private static int folderLength(String path) {
        return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
    }

    private static int stemLength(String fileName) {
        int dot = fileName.lastIndexOf('.');
        return dot > 0 && ENDINGS.contains(fileName.substring(dot + 1).toLowerCase(Locale.ROOT))
                ? dot
                : fileName.length();
    }

    /**
     * Returns the image index of a name in a list, which may have folders.
     *
     * @throws IllegalArgumentException if it is blank, or an image of that name in another folder came before
     */
    String read(String text) {
        String path = text.strip();
        int end = folderLength(path);
        if (end == path.length()) {
            throw new IllegalArgumentException("'%s' names no image".formatted(path));
        }
        String index = ofPath(path);
        if (end > 0 && !ChestXray14.isImageIndex(index) && !isOfChexpert(index)) {
            String folder = path.substring(0, end);
            String other = folders.putIfAbsent(index, folder);
            if (other != null && !other.equals(folder)) {
                throw new IllegalArgumentException(
                        "'%s' has the name of an image in another folder, %s".formatted(path, other));
            }
        }
        return index;
    }
}
