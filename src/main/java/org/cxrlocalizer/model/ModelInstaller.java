// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.cxrlocalizer.model.ModelManifest.Variant;
import org.springframework.util.FileSystemUtils;

/**
 * Installs model packages.
 *
 * @param check refuses a package that cannot be used, by a {@link ModelRefusedException}
 */
public record ModelInstaller(Consumer<ModelPackage> check) {

    /**
     * Takes a package into a directory, once it was checked. What was there under its name stays until the new package is
     * complete.
     *
     * @param source a package's directory, or a ZIP archive of one
     * @return the package's new directory
     * @throws ModelRefusedException if the package cannot be used, or one of its name is there and is not to be replaced
     */
    public Path add(Path source, Path directory, boolean replace) throws IOException {
        try (PackageSource read = PackageSource.open(source)) {
            return add(read.content(), directory, replace);
        }
    }

    private Path add(ModelPackage added, Path directory, boolean replace) throws IOException {
        String name = added.manifest().name();
        Path target = directory.resolve(name);
        if (Files.exists(target) && !replace) {
            throw new ModelRefusedException(name, "%s exists already".formatted(target));
        }
        check.accept(added);
        Files.createDirectories(directory);
        Path fresh = Files.createDirectory(directory.resolve(".adding-" + UUID.randomUUID()));
        try {
            for (Map.Entry<String, byte[]> file : added.files().entrySet()) {
                Files.write(fresh.resolve(file.getKey()), file.getValue());
            }
            for (Variant variant : added.manifest().variants()) {
                Files.write(fresh.resolve(variant.file()), added.torchScript(variant));
            }
            Path old = fresh.resolveSibling(fresh.getFileName() + ".old");
            if (Files.exists(target)) {
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            FileSystemUtils.deleteRecursively(old);
            return target;
        } finally {
            FileSystemUtils.deleteRecursively(fresh);
        }
    }
}
