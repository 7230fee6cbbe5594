// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cxrlocalizer.model.ModelManifest.Variant;
import org.jspecify.annotations.Nullable;

/**
 * The network that runs, out of the files of a package: on a CPU the fastest, as measured on the workers, of those whose
 * outputs agree with the reference; the reference itself where none gains enough. The others are closed. What an earlier start
 * measured is taken again.
 *
 * @param network warm on every worker
 * @param outcomes the reference first, then variants in the manifest's order
 */
record VariantChoice(Network network, List<VariantOutcome> outcomes) {

    /** A variant must take at most this part of the reference's time: less gain would be chance. */
    private static final double ENOUGH = 0.95;

    /**
     * Loads, checks, times and warms.
     *
     * @param setting a name, or {@code auto}
     * @throws Network.UnusableException if the reference cannot be used, or the setting names a variant that cannot
     */
    static VariantChoice choose(
            List<Variant> variants, String setting, NetworkLoader loader, MeasuredVariants measured) {
        Network reference = loader.reference();
        VariantBenchmark benchmark = new VariantBenchmark(loader, reference);
        try {
            OutputAgreement agreement = loader.warmUp(reference);
            boolean gpu = loader.devices().get(0).isGpu();
            if (setting.equals(Variant.AUTO) && !gpu) {
                if (!variants.isEmpty() && !benchmark.takeAgain(measured.outcomes(), variants, agreement)) {
                    variants.forEach(variant -> benchmark.time(variant, agreement));
                    measured.keep(benchmark.explained());
                }
            } else {
                String why = gpu ? "variants are for CPUs" : "the setting is '%s'".formatted(setting);
                variants.forEach(variant ->
                        benchmark.outcomes.put(variant.name(), VariantOutcome.passedOver(variant.name(), null, why)));
            }
            if (!setting.equals(Variant.AUTO) && !setting.equals(Variant.REFERENCE)) {
                benchmark.take(named(setting, variants, gpu), agreement);
            }
            return benchmark.end();
        } catch (RuntimeException e) {
            benchmark.close();
            throw e;
        }
    }

    private static Variant named(String setting, List<Variant> variants, boolean gpu) {
        if (gpu) {
            throw new Network.UnusableException("the variant '%s' is for CPUs".formatted(setting));
        }
        return variants.stream()
                .filter(variant -> variant.name().equals(setting))
                .findFirst()
                .orElseThrow(() -> new Network.UnusableException("it has no variant '%s' but %s"
                        .formatted(setting, variants.stream().map(Variant::name).toList())));
    }

    /** Keeps the reference and the fastest variant so far loaded, and one more while that is measured. */
    private static final class VariantBenchmark {

        private final NetworkLoader loader;
        private final Network reference;
        private final Map<String, VariantOutcome> outcomes = new LinkedHashMap<>();
        private Network best;
        private String bestName = Variant.REFERENCE;
        private @Nullable SpeedRatio bestTime = SpeedRatio.OF_REFERENCE;

        VariantBenchmark(NetworkLoader loader, Network reference) {
            this.loader = loader;
            this.reference = reference;
            best = reference;
            outcomes.put(bestName, VariantOutcome.chosen(bestName, bestTime));
        }

        void time(Variant variant, OutputAgreement agreement) {
            @Nullable Network network = null;
            @Nullable SpeedRatio time = null;
            @Nullable String reason;
            try {
                network = loader.variant(variant);
                time = loader.time(reference, network, variant, agreement);
                if (time.worst() > ENOUGH) {
                    reason = "it is less than 5 % faster than the reference";
                } else if (bestTime != null && time.worst() >= bestTime.worst()) {
                    reason = null; // which one is the fastest is known at the end
                } else {
                    loader.warmUp(network, variant, agreement);
                    replaceBest(variant.name(), network, time, null);
                    return;
                }
            } catch (Network.UnusableException e) {
                reason = String.valueOf(e.getMessage());
            }
            if (network != null) {
                network.close();
            }
            outcomes.put(variant.name(), VariantOutcome.passedOver(variant.name(), time, reason));
        }

        /**
         * What an earlier start measured, without trying and timing it again.
         *
         * @param earlier its outcomes; none if there was no such start
         * @return whether its choice can be used
         */
        boolean takeAgain(List<VariantOutcome> earlier, List<Variant> variants, OutputAgreement agreement) {
            Optional<VariantOutcome> chosen =
                    earlier.stream().filter(VariantOutcome::chosen).findFirst();
            if (chosen.isEmpty()) {
                return false;
            }
            String name = chosen.get().name();
            if (!name.equals(Variant.REFERENCE)) {
                try {
                    Variant variant = named(name, variants, false);
                    best = warmed(loader.triedVariant(variant), variant, agreement);
                    bestName = name;
                } catch (Network.UnusableException e) {
                    return false;
                }
            }
            earlier.forEach(outcome -> outcomes.put(outcome.name(), outcome));
            return true;
        }

        /** Without timing it. */
        void take(Variant variant, OutputAgreement agreement) {
            Network network = warmed(loader.variant(variant), variant, agreement);
            replaceBest(variant.name(), network, null, "the setting is '%s'".formatted(variant.name()));
        }

        private Network warmed(Network network, Variant variant, OutputAgreement agreement) {
            try {
                loader.warmUp(network, variant, agreement);
                return network;
            } catch (RuntimeException e) {
                network.close();
                throw e;
            }
        }

        private void replaceBest(String name, Network network, @Nullable SpeedRatio time, @Nullable String reason) {
            outcomes.put(bestName, VariantOutcome.passedOver(bestName, bestTime, reason));
            outcomes.put(name, VariantOutcome.chosen(name, time));
            if (best != reference) {
                best.close();
            }
            best = network;
            bestName = name;
            bestTime = time;
        }

        VariantChoice end() {
            if (best != reference) {
                reference.close();
            }
            return new VariantChoice(best, explained());
        }

        /** The outcomes, each of those that were not chosen with its reason. */
        List<VariantOutcome> explained() {
            String faster = "'%s' is faster".formatted(bestName);
            return outcomes.values().stream()
                    .map(outcome -> outcome.chosen() || outcome.reason() != null ? outcome : outcome.withReason(faster))
                    .toList();
        }

        void close() {
            if (best != reference) {
                best.close();
            }
            reference.close();
        }
    }
}
