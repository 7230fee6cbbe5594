// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipError;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;

/** A package that need not be in the catalogue: its directory, or a ZIP archive of one, open as long as it is read. */
public final class PackageSource implements AutoCloseable {

    private final @Nullable FileSystem archive;
    private final ModelPackage content;

    private PackageSource(@Nullable FileSystem archive, ModelPackage content) {
        this.archive = archive;
        this.content = content;
    }

    /** @throws ModelRefusedException if it is neither a directory nor a ZIP archive, or the package is wrong */
    public static PackageSource open(Path source) {
        String title = String.valueOf(source.getFileName());
        if (Files.isDirectory(source)) {
            return new PackageSource(null, ModelPackage.readAny(title, new FileSystemResource(source + "/")));
        }
        requireFile(title, source);
        FileSystem archive = null;
        try {
            archive = FileSystems.newFileSystem(source);
            if (isCheckpoint(archive.getPath("/"))) {
                throw new ModelRefusedException(title, "it " + FileKind.checkpoint());
            }
            return new PackageSource(
                    archive,
                    ModelPackage.readAny(
                            title, new FileSystemResource(archive, packageIn(archive.getPath("/")) + "/")));
        } catch (IOException | ProviderNotFoundException | ZipError e) {
            close(archive);
            throw new ModelRefusedException(
                    title,
                    isArchive(source)
                            ? "it is a ZIP archive that is cut short or damaged; download it again"
                            : "it is neither a directory nor a ZIP archive of a package",
                    e);
        } catch (ModelRefusedException e) {
            close(archive);
            throw e;
        }
    }

    private static void requireFile(String title, Path source) {
        if (!Files.exists(source)) {
            throw new ModelRefusedException(title, "there is no file or directory %s".formatted(source));
        }
        FileKind.of(start(source)).ifPresent(kind -> {
            throw new ModelRefusedException(title, "it " + kind);
        });
    }

    private static boolean isArchive(Path source) {
        byte[] start = start(source);
        return start.length > 1 && start[0] == 'P' && start[1] == 'K';
    }

    private static byte[] start(Path source) {
        try (InputStream in = Files.newInputStream(source)) {
            return in.readNBytes(FileKind.START);
        } catch (IOException e) {
            throw new ModelRefusedException(
                    String.valueOf(source.getFileName()), "it cannot be read: %s".formatted(e.getMessage()), e);
        }
    }

    /** PyTorch's files are ZIP archives, too. */
    private static boolean isCheckpoint(Path root) throws IOException {
        try (Stream<Path> entries = Files.walk(root, 2)) {
            return entries.anyMatch(entry -> entry.endsWith("data.pkl"));
        }
    }

    /** The archive's root, or its only directory. */
    private static Path packageIn(Path root) throws IOException {
        if (Files.exists(root.resolve(ModelPackage.MANIFEST))) {
            return root;
        }
        try (Stream<Path> entries = Files.list(root)) {
            List<Path> directories = entries.filter(Files::isDirectory).toList();
            return directories.size() == 1 ? directories.get(0) : root;
        }
    }

    public ModelPackage content() {
        return content;
    }

    @Override
    public void close() {
        close(archive);
    }

    private static void close(@Nullable FileSystem archive) {
        try {
            if (archive != null) {
                archive.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
