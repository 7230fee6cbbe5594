// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Dimension;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cxrlocalizer.geometry.Box;
import org.junit.jupiter.api.Test;

class CaptionPlacesTest {

    private static final Dimension CAPTION = new Dimension(120, 20);

    @Test
    void captionsOfTheSameBoxDoNotOverlap() {
        CaptionPlaces places = new CaptionPlaces(300, 200);
        List<Rectangle> taken = new ArrayList<>();

        for (int i = 0; i < 10; i++) {
            taken.add(places.take(new Box(50, 60, 100, 80), CAPTION));
        }

        assertApart(taken);
        assertThat(taken.get(0)).isEqualTo(new Rectangle(50, 40, 120, 20));
    }

    @Test
    void captionsStayInThePictureAndApartWhereverBoxesAre() {
        Random random = new Random(7);
        for (int run = 0; run < 200; run++) {
            CaptionPlaces places = new CaptionPlaces(500, 400);
            Rectangle title = new Rectangle(0, 375, 500, 25);
            places.reserve(title);
            List<Rectangle> taken = new ArrayList<>(List.of(title));
            for (int i = 0; i < 7; i++) {
                double x = 400 * random.nextDouble();
                double y = 350 * random.nextDouble();
                taken.add(places.take(
                        new Box(x, y, (500 - x) * random.nextDouble(), (400 - y) * random.nextDouble()), CAPTION));
            }

            assertApart(taken);
            assertThat(taken).allMatch(new Rectangle(0, 0, 500, 400)::contains);
        }
    }

    @Test
    void aPictureWithoutRoomHasItsCaptionsAllTheSame() {
        CaptionPlaces places = new CaptionPlaces(100, 30);

        assertThat(List.of(places.take(new Box(0, 0, 100, 30), CAPTION), places.take(new Box(0, 0, 100, 30), CAPTION)))
                .allMatch(place -> place.y >= 0 && place.y <= 10);
    }

    private static void assertApart(List<Rectangle> places) {
        for (int i = 0; i < places.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(places.get(i).intersects(places.get(j))).isFalse();
            }
        }
    }
}
