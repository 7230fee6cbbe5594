// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cxrlocalizer.dataset.ImageNames;

/** Finds the image files of a directory, its subdirectories included. */
public final class ImageFolder extends SimpleFileVisitor<Path> {

    /** Why directories are left out that may not be read. */
    public static final String UNREADABLE = "it cannot be read";

    private static final int PREAMBLE = 128;
    private static final byte[] DICOM = "DICM".getBytes(StandardCharsets.US_ASCII);

    private final Path folder;
    private final Path real;
    private final Map<String, List<Path>> found = new TreeMap<>();
    private final LeftOut leftOut;

    private ImageFolder(Path folder, LeftOut leftOut) throws IOException {
        this.folder = folder;
        this.leftOut = leftOut;
        real = folder.toRealPath();
    }

    /**
     * Returns the files by image index, in its order. A file without an image's ending counts if it begins as a DICOM file.
     *
     * @param folder may be a link
     * @param followLinks whether linked directories in it count
     * @param leftOut takes what is no image, and what cannot be read
     */
    public static Map<String, List<Path>> files(Path folder, boolean followLinks, LeftOut leftOut) throws IOException {
        ImageFolder visitor = new ImageFolder(folder, leftOut);
        Files.walkFileTree(
                visitor.real,
                followLinks ? EnumSet.of(FileVisitOption.FOLLOW_LINKS) : EnumSet.noneOf(FileVisitOption.class),
                Integer.MAX_VALUE,
                visitor);
        return visitor.found;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (Files.isDirectory(file)) {
            leftOut.add("linked directories are not followed", name(file));
        } else if (!Files.isRegularFile(file)) {
            leftOut.add("no regular file", name(file));
        } else if (ImageNames.hasEnding(name) || isDicom(file)) {
            add(ImageNames.ofPath(file.toString()), folder.resolve(real.relativize(file)));
        } else {
            leftOut.add("no PNG, JPEG or DICOM file by its name", name(file));
        }
        return FileVisitResult.CONTINUE;
    }

    /** A linked directory may be reached on two ways. */
    private void add(String index, Path file) throws IOException {
        List<Path> files = found.computeIfAbsent(index, key -> new ArrayList<>());
        for (Path other : files) {
            if (Files.isSameFile(file, other)) {
                return;
            }
        }
        files.add(file);
    }

    private static boolean isDicom(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(PREAMBLE + DICOM.length);
            return start.length == PREAMBLE + DICOM.length
                    && Arrays.equals(start, PREAMBLE, start.length, DICOM, 0, DICOM.length);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (file.equals(real)) {
            throw e;
        }
        leftOut.add(
                e instanceof FileSystemLoopException ? "a link to a directory that it lies in" : UNREADABLE,
                name(file));
        return FileVisitResult.CONTINUE;
    }

    private String name(Path file) {
        return real.relativize(file).toString();
    }
}
