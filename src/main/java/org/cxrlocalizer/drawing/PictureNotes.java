// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.LineBreakMeasurer;
import java.awt.font.TextAttribute;
import java.awt.font.TextLayout;
import java.awt.image.BufferedImage;
import java.text.AttributedString;
import java.util.ArrayList;
import java.util.List;

/** Writes sentences at the top of a picture, broken into lines of its width. */
final class PictureNotes {

    private static final Color SHADE = new Color(0, 0, 0, 170);
    private static final Color TEXT = new Color(0xff9f80);
    private static final String MORE = "More warnings: see Image Comments.";

    /** Largest share of the height, so that the image can still be seen. */
    private static final double LARGEST_SHARE = 1.0 / 3;

    private PictureNotes() {}

    /** Notes beyond a third of the picture's height are not drawn, and a last line states that. */
    static void draw(BufferedImage picture, List<String> notes) {
        if (notes.isEmpty()) {
            return;
        }
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            int unit = Math.max(1, Math.min(picture.getWidth(), picture.getHeight()) / 256);
            Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 6 * unit);
            int lineHeight = graphics.getFontMetrics(font).getHeight();
            int most = Math.max(2, (int) (LARGEST_SHARE * picture.getHeight() / lineHeight));
            List<TextLayout> lines = new ArrayList<>();
            notes.forEach(
                    note -> lines.addAll(lines("Warning: " + note, font, graphics, picture.getWidth() - 4 * unit)));
            List<TextLayout> drawn = lines;
            if (lines.size() > most) {
                drawn = new ArrayList<>(lines.subList(0, most - 1));
                drawn.add(lines(MORE, font, graphics, picture.getWidth() - 4 * unit)
                        .get(0));
            }
            graphics.setColor(SHADE);
            graphics.fillRect(0, 0, picture.getWidth(), drawn.size() * lineHeight + 2 * unit);
            graphics.setColor(TEXT);
            for (int i = 0; i < drawn.size(); i++) {
                drawn.get(i)
                        .draw(
                                graphics,
                                2 * unit,
                                unit + i * lineHeight + drawn.get(i).getAscent());
            }
        } finally {
            graphics.dispose();
        }
    }

    private static List<TextLayout> lines(String note, Font font, Graphics2D graphics, int width) {
        AttributedString text = new AttributedString(note);
        text.addAttribute(TextAttribute.FONT, font);
        LineBreakMeasurer measurer = new LineBreakMeasurer(text.getIterator(), graphics.getFontRenderContext());
        List<TextLayout> lines = new ArrayList<>();
        while (measurer.getPosition() < note.length()) {
            lines.add(measurer.nextLayout(Math.max(1, width)));
        }
        return lines;
    }
}
