// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.List;
import java.util.Locale;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.radiograph.Radiograph;
import org.jspecify.annotations.Nullable;

/**
 * Draws a radiograph with the heat map of one label, a legend and outlined boxes, at the original size. The heat map is
 * the same bilinear surface that the boxes are cut from.
 */
public final class Overlay {

    /** Share of the heat map in the colour where the map is highest; it fades to nothing where it is lowest. */
    private static final double OPACITY = 0.5;

    private static final Color SHADE = new Color(0, 0, 0, 170);

    private Overlay() {}

    /** A box to draw, and what to write at its corner. */
    public record Outline(Box box, Color colour, String caption) {}

    /**
     * Draws the picture.
     *
     * @param title written at the bottom left
     * @param outlines drawn in order, later ones on top
     */
    public static BufferedImage draw(
            Radiograph radiograph, ClassActivationMap map, ImageFrame frame, String title, List<Outline> outlines) {
        BufferedImage picture = new BufferedImage(radiograph.width(), radiograph.height(), BufferedImage.TYPE_INT_RGB);
        blend(radiograph, map, frame, picture);
        annotate(picture, title, outlines, map);
        return picture;
    }

    /** Draws the picture without a heat map. */
    public static BufferedImage draw(Radiograph radiograph, String title, List<Outline> outlines) {
        BufferedImage picture = new BufferedImage(radiograph.width(), radiograph.height(), BufferedImage.TYPE_INT_RGB);
        int[] pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = mix(255.0 * (radiograph.samples()[i] & 0xffff) / radiograph.maximum(), 0, 0);
        }
        annotate(picture, title, outlines, null);
        return picture;
    }

    private static void annotate(
            BufferedImage picture, String title, List<Outline> outlines, @Nullable ClassActivationMap map) {
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            int unit = Math.max(1, Math.min(picture.getWidth(), picture.getHeight()) / 256);
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 7 * unit));
            graphics.setStroke(new BasicStroke(Math.max(1, unit * 0.75f)));
            int titleTop = picture.getHeight() - graphics.getFontMetrics().getHeight() - 2 * unit;
            drawOutlines(outlines, titleTop, graphics, picture);
            write(title, 2 * unit, titleTop, Color.WHITE, graphics, picture);
            if (map != null) {
                drawLegend(map, unit, graphics, picture);
            }
        } finally {
            graphics.dispose();
        }
    }

    private static void blend(Radiograph radiograph, ClassActivationMap map, ImageFrame frame, BufferedImage picture) {
        double minimum = map.minimum();
        double range = map.maximum() - minimum;
        boolean hasHeat = map.isFinite() && range > 0;
        SurfaceRows surface = new SurfaceRows(map, frame);
        int width = picture.getWidth();
        double[] row = new double[width];
        // BufferedImage.setRGB would call the colour model for each pixel.
        int[] pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
        for (int y = 0; y < picture.getHeight(); y++) {
            surface.read(y, row);
            for (int x = 0; x < width; x++) {
                double grey = 255 * radiograph.brightness(x, y);
                double heat = hasHeat && row[x] > minimum ? (row[x] - minimum) / range : 0; // none of NaN
                pixels[y * width + x] = mix(grey, ColourMap.rgb(heat), OPACITY * heat);
            }
        }
    }

    private static int mix(double grey, int colour, double share) {
        double rest = grey * (1 - share) + 0.5; // Math.round takes several times as long
        int red = (int) (rest + (colour >> 16 & 0xff) * share);
        int green = (int) (rest + (colour >> 8 & 0xff) * share);
        int blue = (int) (rest + (colour & 0xff) * share);
        return red << 16 | green << 8 | blue;
    }

    /** Captions are above all lines. The last box, which is the most important one, has the first choice of a place. */
    private static void drawOutlines(List<Outline> outlines, int titleTop, Graphics2D graphics, BufferedImage picture) {
        for (Outline outline : outlines) {
            Box box = outline.box();
            graphics.setColor(outline.colour());
            graphics.draw(new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height()));
        }
        FontMetrics metrics = graphics.getFontMetrics();
        CaptionPlaces places = new CaptionPlaces(picture.getWidth(), picture.getHeight());
        places.reserve(new Rectangle(0, titleTop, picture.getWidth(), picture.getHeight() - titleTop));
        for (int i = outlines.size() - 1; i >= 0; i--) {
            Outline outline = outlines.get(i);
            Dimension size = new Dimension(metrics.stringWidth(outline.caption()), metrics.getHeight());
            Rectangle place = places.take(outline.box(), size);
            write(outline.caption(), place.x, place.y, outline.colour(), graphics, picture);
        }
    }

    private static void write(
            String text, int left, int top, Color colour, Graphics2D graphics, BufferedImage picture) {
        FontMetrics metrics = graphics.getFontMetrics();
        int width = metrics.stringWidth(text);
        int x = Math.max(0, Math.min(left, picture.getWidth() - width));
        graphics.setColor(SHADE);
        graphics.fillRect(x, top, width, metrics.getHeight());
        graphics.setColor(colour);
        graphics.drawString(text, x, top + metrics.getAscent());
    }

    private static void drawLegend(ClassActivationMap map, int unit, Graphics2D graphics, BufferedImage picture) {
        int width = 60 * unit;
        int height = 5 * unit;
        int left = picture.getWidth() - width - 12 * unit;
        int top = picture.getHeight() - height - 14 * unit;
        if (left < 0 || top < 0) {
            return; // the picture is too small for a legend
        }
        for (int i = 0; i < width; i++) {
            graphics.setColor(new Color(ColourMap.rgb(i / (width - 1.0))));
            graphics.fillRect(left + i, top, 1, height);
        }
        String low = String.format(Locale.ROOT, "%.2f", (double) map.minimum());
        String high = String.format(
                Locale.ROOT, "%.2f (%s)", (double) map.maximum(), map.unit().code());
        FontMetrics metrics = graphics.getFontMetrics();
        int highLeft = left + width - metrics.stringWidth(high) + 10 * unit;
        int lowLeft = Math.min(left, highLeft - metrics.stringWidth(low) - 2 * unit);
        write(low, lowLeft, top + height, Color.WHITE, graphics, picture);
        write(high, highLeft, top + height, Color.WHITE, graphics, picture);
    }
}
