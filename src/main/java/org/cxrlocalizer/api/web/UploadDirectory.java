// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * Where parts of uploads lie that are larger than what is kept in memory: a directory that its owner alone may read. A process
 * that is killed leaves parts with patients' data behind; the next one removes them, by a lock that ends with its process.
 */
final class UploadDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UploadDirectory.class);
    private static final String PREFIX = "cxr-localizer-uploads-";
    private static final String LOCK = ".lock";

    private final Path path;
    private final FileChannel lock;

    private UploadDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Creates a directory, and removes those that ended processes of the same user left.
     *
     * @param parent as the system's directory of temporary files
     */
    static UploadDirectory create(Path parent) {
        try {
            Path path = Files.createTempDirectory(parent, PREFIX);
            FileChannel lock =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (lock.tryLock() == null) {
                throw new IOException("the lock of a new directory is taken");
            }
            removeLeftBehind(parent, path);
            return new UploadDirectory(path, lock);
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for uploads can be made in " + parent, e);
        }
    }

    Path path() {
        return path;
    }

    private static void removeLeftBehind(Path parent, Path own) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path other : others) {
                if (!other.equals(own) && isLeftBehind(other, own)) {
                    FileSystemUtils.deleteRecursively(other);
                    LOG.info("Removed the uploads that an ended process left in {}", other);
                }
            }
        }
    }

    /** Whether a directory was left behind by an earlier process. That of another user, or a link, is not ours. */
    private static boolean isLeftBehind(Path other, Path own) {
        try {
            if (!Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own))) {
                return false;
            }
            try (FileChannel channel =
                            FileChannel.open(other.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                    FileLock taken = channel.tryLock()) {
                return taken != null;
            }
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        FileSystemUtils.deleteRecursively(path);
        lock.close();
    }
}
