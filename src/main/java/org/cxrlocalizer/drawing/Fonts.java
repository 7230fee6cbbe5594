// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Warns at start, and not at the first picture, that a machine has no font to write words into pictures with. */
@Component
public final class Fonts {

    private static final Logger LOG = LoggerFactory.getLogger(Fonts.class);

    Fonts() {}

    /** On a thread of its own: the first font takes a quarter of a second. */
    @EventListener(ApplicationReadyEvent.class)
    void lookForOne() {
        Thread thread = new Thread(() -> problem().ifPresent(LOG::warn), "fonts");
        thread.setDaemon(true);
        thread.start();
    }

    /** Why no word can be written, if so, and what helps. */
    public static Optional<String> problem() {
        Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        try {
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 7));
            graphics.getFontMetrics().stringWidth("font");
            return Optional.empty();
        } catch (RuntimeException | Error e) { // an Error it is, without fontconfig and without a font of its own
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return Optional.of("Overlays and the pictures of reports cannot be drawn, because no font can be used (%s);"
                            .formatted(cause.getMessage())
                    + " install fontconfig and a font, such as DejaVu Sans.");
        } finally {
            graphics.dispose();
        }
    }
}
