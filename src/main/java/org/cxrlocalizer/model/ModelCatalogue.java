package org.cxrlocalizer.model;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.cxrlocalizer.model.ModelManifest.Variant;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.ResourceUtils;

/** The model packages that the service can use: those in the configured directory, and the bundled ones. */
public final class ModelCatalogue {

    static final String BUNDLED = "classpath:/models/";

    private final List<String> locations;
    private final InferenceProperties inference;
    private final MeterRegistry meters;
    private final ObservationRegistry observations;
    private final PathMatchingResourcePatternResolver resources = new PathMatchingResourcePatternResolver();

    /** @param directory a path, or a Spring resource location */
    ModelCatalogue(
            String directory, InferenceProperties inference, MeterRegistry meters, ObservationRegistry observations) {
        this(locations(directory), inference, meters, observations);
    }

    private ModelCatalogue(
            List<String> locations,
            InferenceProperties inference,
            MeterRegistry meters,
            ObservationRegistry observations) {
        this.locations = locations;
        this.inference = inference;
        this.meters = meters;
        this.observations = observations;
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
        return packageNamed(name).manifest();
    }

    /**
     * Loads, checks and warms a model.
     *
     * @throws ModelRefusedException if there is no such package, or it cannot be used
     */
    public Classifier load(String name) {
        return Classifier.load(packageNamed(name), inference, meters, observations);
    }

    /**
     * The same for a process that serves already: a file that ends the process which runs it is refused, and does not end
     * this one. Takes longer.
     */
    public Classifier loadWhileServing(String name) {
        return Classifier.load(packageNamed(name), inference, meters, observations, true);
    }

    /**
     * Loads, checks and warms the model of a package that need not be in the catalogue.
     *
     * @param source a package's directory, or a ZIP archive of one
     */
    public Classifier load(Path source) {
        try (PackageSource read = PackageSource.open(source)) {
            return Classifier.load(read.content(), inference, meters, observations);
        }
    }

    /**
     * The same packages, loaded so that two runs give the same digits: with the variant that the configuration names, and
     * with the reference where it leaves the choice to a measurement.
     */
    public ModelCatalogue reproducible() {
        return inference.variant().equals(InferenceProperties.AUTO) ? withVariant(Variant.REFERENCE) : this;
    }

    /** The same packages, loaded with a variant. */
    public ModelCatalogue withVariant(String variant) {
        return new ModelCatalogue(locations, inference.withVariant(variant), meters, observations);
    }

    /**
     * Takes a package into a directory, once it was loaded, checked and warmed. What was there under its name stays until
     * the new package is complete.
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
        Classifier.load(added, inference, meters, observations).close();
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

    /**
     * When a package's manifest was last written.
     *
     * @throws ModelRefusedException if there is no such package
     */
    public long modified(String name) throws IOException {
        return directoryOf(name).createRelative(ModelPackage.MANIFEST).lastModified();
    }

    private ModelPackage packageNamed(String name) {
        return ModelPackage.read(name, directoryOf(name));
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
