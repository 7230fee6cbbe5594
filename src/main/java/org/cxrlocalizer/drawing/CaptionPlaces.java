// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import java.awt.Dimension;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cxrlocalizer.geometry.Box;

/** Where captions of boxes stand in a picture, so that no two overlap while there is room. */
final class CaptionPlaces {

    private final Dimension picture;
    private final List<Rectangle> taken = new ArrayList<>();

    CaptionPlaces(int width, int height) {
        picture = new Dimension(width, height);
    }

    /** Keeps captions away from a part of the picture. */
    void reserve(Rectangle part) {
        taken.add(part);
    }

    /**
     * Returns the first free place: above the box, within it or below it, at its left or right, else the next one below its
     * top, then from the picture's top, at its left.
     */
    Rectangle take(Box box, Dimension caption) {
        int left = (int) box.x();
        int right = (int) (box.x() + box.width()) - caption.width;
        int top = (int) box.y();
        int bottom = (int) (box.y() + box.height());
        int lowest = picture.height - caption.height + 1;
        List<Rectangle> preferred = Stream.of(top - caption.height, top, bottom - caption.height, bottom)
                .filter(y -> y >= 0 && y < lowest)
                .flatMap(y -> IntStream.of(left, right).mapToObj(x -> place(x, y, caption)))
                .toList();
        Rectangle chosen = Stream.concat(
                        preferred.stream(),
                        IntStream.concat(IntStream.range(top, lowest), IntStream.range(0, Math.min(top, lowest)))
                                .mapToObj(y -> place(left, y, caption)))
                .filter(place -> taken.stream().noneMatch(place::intersects))
                .findFirst()
                .orElseGet(() -> place(left, top, caption));
        taken.add(chosen);
        return chosen;
    }

    private Rectangle place(int x, int y, Dimension caption) {
        return new Rectangle(
                Math.max(0, Math.min(x, picture.width - caption.width)),
                Math.max(0, Math.min(y, picture.height - caption.height)),
                caption.width,
                caption.height);
    }
}
