// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;

/** A list of boxes that does not change, as plain numbers: the whole dataset has millions, and an object takes twice as much. */
final class PackedBoxes extends AbstractList<ScoredBox> implements RandomAccess {

    /** Of one box: x, y, width, height and score. */
    private static final int NUMBERS = 5;

    private final double[] numbers;

    private PackedBoxes(double[] numbers) {
        this.numbers = numbers;
    }

    static List<ScoredBox> of(List<ScoredBox> boxes) {
        if (boxes.isEmpty()) {
            return List.of();
        }
        double[] numbers = new double[boxes.size() * NUMBERS];
        int next = 0;
        for (ScoredBox scored : boxes) {
            numbers[next++] = scored.box().x();
            numbers[next++] = scored.box().y();
            numbers[next++] = scored.box().width();
            numbers[next++] = scored.box().height();
            numbers[next++] = scored.score();
        }
        return new PackedBoxes(numbers);
    }

    @Override
    public ScoredBox get(int index) {
        int first = Objects.checkIndex(index, size()) * NUMBERS;
        return new ScoredBox(
                new Box(numbers[first], numbers[first + 1], numbers[first + 2], numbers[first + 3]),
                numbers[first + 4]);
    }

    @Override
    public int size() {
        return numbers.length / NUMBERS;
    }
}
