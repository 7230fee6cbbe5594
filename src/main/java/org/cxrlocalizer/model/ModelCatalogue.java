// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ResourceUtils;

/** The model packages that the service can use: those in the configured directory, and the bundled ones. */
public final class ModelCatalogue {

    static final String BUNDLED = "classpath:/models/";

    private final List<String> locations;
    private final PathMatchingResourcePatternResolver resources = new PathMatchingResourcePatternResolver();

    /** @param directory a path, or a Spring resource location */
    public ModelCatalogue(String directory) {
        locations = locations(directory);
    }

    private static List<String> locations(String directory) {
        String location = ResourceUtils.isUrl(directory)
                ? directory
                : Path.of(directory).toUri().toString();
        location += location.endsWith("/") ? "" : "/";
        return location.equals(BUNDLED) ? List.of(BUNDLED) : List.of(location, BUNDLED);
    }

    /** The configured directory, if it is on disk. */
    public Optional<Path> directory() {
        String first = locations.get(0);
        return first.startsWith("file:") ? Optional.of(Path.of(URI.create(first))) : Optional.empty();
    }

    /**
     * A package of the catalogue.
     *
     * @param location the directory that holds the package
     */
    public record Entry(String name, String location) {}

    /** Every package, those that a load would refuse included, in order of location and name. */
    public List<Entry> entries() {
        Map<String, Entry> found = new LinkedHashMap<>();
        for (String location : locations) {
            try {
                for (Resource manifest : resources.getResources(location + "*/" + ModelPackage.MANIFEST)) {
                    String path = manifest.getURL().getPath();
                    int end = path.lastIndexOf('/');
                    String name = path.substring(path.lastIndexOf('/', end - 1) + 1, end);
                    found.putIfAbsent(name, new Entry(name, location));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the models in %s cannot be listed".formatted(location), e);
            }
        }
        return new ArrayList<>(found.values());
    }

    /**
     * Reads a package's manifest and checks its hashes, without loading its network.
     *
     * @throws ModelRefusedException if there is no such package, or it is wrong
     */
    public ModelManifest read(String name) {
        return open(name).manifest();
    }

    /**
     * Reads and checks a package, without loading its network.
     *
     * @throws ModelRefusedException if there is no such package, or it is wrong
     */
    public ModelPackage open(String name) {
        return ModelPackage.read(name, directoryOf(name));
    }

    /**
     * When a package's manifest was last written.
     *
     * @throws ModelRefusedException if there is no such package
     */
    public long modified(String name) throws IOException {
        return directoryOf(name).createRelative(ModelPackage.MANIFEST).lastModified();
    }

    private Resource directoryOf(String name) {
        for (String location : locations) {
            Resource directory = resources.getResource(location + name + "/");
            if (hasManifest(directory)) {
                return directory;
            }
        }
        throw new ModelRefusedException(
                name,
                "%s is missing in %s"
                        .formatted(ModelPackage.MANIFEST, String.join(name + "/ and ", locations) + name + "/"));
    }

    private static boolean hasManifest(Resource directory) {
        try {
            return directory.createRelative(ModelPackage.MANIFEST).exists();
        } catch (IOException e) {
            return false;
        }
    }
}
