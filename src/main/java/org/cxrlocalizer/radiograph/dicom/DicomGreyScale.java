// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.dicom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.LookupTable;
import org.cxrlocalizer.dicom.Rescale;
import org.cxrlocalizer.dicom.ValueWindow;
import org.jspecify.annotations.Nullable;

/**
 * From stored values to brightness, in the order of PS3.4, section N.2: modality LUT or rescale, values of interest,
 * inversion last. A sample has at most 16 bits, so that all of it is one table with an entry for each possible sample.
 *
 * <p>Without values of interest, the whole range becomes [0, 1]: of 8-bit samples all that they can be, as in a PNG; of
 * others those that occur, because most of what 16 bits can be does not. Padding is black and counts for no range.
 */
public final class DicomGreyScale {

    private static final int WHITE = 65535;

    /** Brightnesses so near to each other are one grey on a display of 8 bits. */
    private static final double ONE_GREY = 1.0 / 256;

    /** The last is none. */
    private static final Set<String> PRESENTATION_SHAPES = Set.of("IDENTITY", "INVERSE", "");

    private final DataSet dataSet;
    private final DicomFormat format;
    private final DicomVoi voi;
    private final List<String> notes = new ArrayList<>();

    public DicomGreyScale(DataSet dataSet, DicomFormat format, DicomVoi voi) {
        this.dataSet = dataSet;
        this.format = format;
        this.voi = voi;
    }

    /** What was done, for the answer's warnings. */
    public List<String> notes() {
        return notes;
    }

    /** Replaces samples by brightness, 0 to 65535. */
    public void apply(short[] samples) {
        short[] table = table(samples);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = table[samples[i] & 0xffff];
        }
    }

    private short[] table(short[] samples) {
        boolean[] padding = PixelPadding.of(dataSet, format, samples, notes);
        DoubleUnaryOperator modality = modality();
        double[] values = new double[format.codes()];
        Arrays.setAll(values, code -> modality.applyAsDouble(format.value(code)));
        boolean[] occurring = occurring(samples, padding);
        int notesBefore = notes.size();
        DoubleUnaryOperator brightness = valuesOfInterest(values);
        if (brightness != null && hidesPicture(brightness, values, occurring)) {
            notes.subList(notesBefore, notes.size()).clear();
            notes.add("The file's window or VOI table makes the whole picture one grey; it was ignored.");
            brightness = null;
        }
        if (brightness == null) {
            brightness = range(values, format.stored() <= 8 ? null : occurring);
        }
        boolean inverted = isInverted();
        short[] table = new short[values.length];
        for (int code = 0; code < table.length; code++) {
            double level = brightness.applyAsDouble(values[code]);
            table[code] = padding[code] ? 0 : (short) Math.round((inverted ? 1 - level : level) * WHITE);
        }
        return table;
    }

    private DoubleUnaryOperator modality() {
        if (!dataSet.items(Attribute.MODALITY_LUT_SEQUENCE).isEmpty()) {
            if (LookupTable.isModalityTableForDisplay(dataSet)) {
                Optional<LookupTable> table =
                        LookupTable.firstOf(dataSet, Attribute.MODALITY_LUT_SEQUENCE, format.signed());
                if (table.isPresent()) {
                    notes.add("The grey levels went through the file's modality table.");
                    return table.get()::at;
                }
                notes.add("The file's modality table is unusable; it was ignored.");
            } else {
                notes.add("The file's modality table is not for display in angiography and fluoroscopy;"
                        + " it was ignored.");
            }
        }
        Optional<Rescale> rescale = Rescale.of(dataSet);
        if (rescale.isEmpty() && Rescale.isStated(dataSet)) {
            notes.add("The file's rescale slope or intercept is unusable; both were ignored.");
        }
        return rescale.isPresent() ? rescale.get()::of : value -> value;
    }

    private @Nullable DoubleUnaryOperator valuesOfInterest(double[] values) {
        if (voi.takesWindow() && (dataSet.has(Attribute.WINDOW_CENTER) || dataSet.has(Attribute.WINDOW_WIDTH))) {
            Optional<ValueWindow> window = ValueWindow.firstOf(dataSet);
            if (window.isPresent()) {
                noteUnknownFunction();
                notes.add("The grey levels are those of the file's first window (%s)."
                        .formatted(window.get().describe()));
                return window.get()::brightness;
            }
            boolean hasCenter = dataSet.decimal(Attribute.WINDOW_CENTER).isPresent();
            notes.add("The file's first window has no %s; it was ignored.".formatted(hasCenter ? "width" : "centre"));
        }
        List<DataSet> tables = dataSet.items(Attribute.VOI_LUT_SEQUENCE);
        if (!voi.takesTable() || tables.isEmpty()) {
            return null;
        }
        boolean signed = Arrays.stream(values).min().orElse(0) < 0;
        Optional<LookupTable> table = LookupTable.firstOf(dataSet, Attribute.VOI_LUT_SEQUENCE, signed);
        if (table.isEmpty()) {
            notes.add("The file's VOI table is unusable; it was ignored.");
            return null;
        }
        notes.add("The grey levels are those of the file's first VOI table.");
        if (!table.get().hasStatedBits()) {
            notes.add(
                    "The entries of the file's VOI table have %d bits and not the %d that it states; the largest is white."
                            .formatted(table.get().bits(), table.get().statedBits()));
        }
        double maximum = table.get().maximum();
        return value -> table.get().at(value) / maximum;
    }

    private void noteUnknownFunction() {
        if (ValueWindow.function(dataSet).isEmpty()) {
            notes.add("The file's window has an unknown shape; it was taken as linear.");
        }
    }

    /** The samples that there are, but for padding. */
    private static boolean[] occurring(short[] samples, boolean[] padding) {
        boolean[] occurring = new boolean[padding.length];
        for (short sample : samples) {
            occurring[sample & 0xffff] = !padding[sample & 0xffff];
        }
        return occurring;
    }

    /** Whether values that differ get one brightness: then no pixel lies in the window, or the table has one entry. */
    private static boolean hidesPicture(DoubleUnaryOperator brightness, double[] values, boolean[] occurring) {
        DoubleSummaryStatistics from = new DoubleSummaryStatistics();
        DoubleSummaryStatistics to = new DoubleSummaryStatistics();
        for (int code = 0; code < values.length; code++) {
            if (occurring[code]) {
                from.accept(values[code]);
                to.accept(brightness.applyAsDouble(values[code]));
            }
        }
        return from.getMax() > from.getMin() && to.getMax() - to.getMin() < ONE_GREY;
    }

    /** @param counted the codes whose values make the range; null for all */
    private static DoubleUnaryOperator range(double[] values, boolean @Nullable [] counted) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (int code = 0; code < values.length; code++) {
            if (counted == null || counted[code]) {
                lowest = Math.min(lowest, values[code]);
                highest = Math.max(highest, values[code]);
            }
        }
        double from = lowest;
        double extent = highest - lowest;
        return value -> extent > 0 ? Math.max(0, Math.min(1, (value - from) / extent)) : 0;
    }

    /** PS3.3, sections C.7.6.3.1.2 and C.11.6.1.2: two ways to state the same, not twice an inversion. */
    private boolean isInverted() {
        boolean whiteIsLow = format.photometric() == DicomFormat.Photometric.MONOCHROME1;
        String shape =
                dataSet.string(Attribute.PRESENTATION_LUT_SHAPE).orElse("").toUpperCase(Locale.ROOT);
        if (!PRESENTATION_SHAPES.contains(shape)) {
            notes.add("The file's presentation LUT shape is unknown; it was ignored.");
        }
        boolean inverse = shape.equals("INVERSE");
        if (whiteIsLow != inverse && (inverse || shape.equals("IDENTITY"))) {
            notes.add("The file's photometric interpretation and presentation LUT shape contradict each other;"
                    + " the grey levels were inverted.");
        } else if (whiteIsLow) {
            notes.add("Low values are white in the file; the grey levels were inverted.");
        }
        return whiteIsLow || inverse;
    }
}
