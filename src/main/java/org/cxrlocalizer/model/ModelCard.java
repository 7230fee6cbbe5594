package org.cxrlocalizer.model;

import java.util.stream.Collectors;

/**
 * A model card.
 *
 * @param markdown the whole text
 */
public record ModelCard(String markdown) {

    private static final String FIGURES = "## Figures";

    /** What stands under the heading "Figures", up to the next heading of its level; empty where there is none. */
    public String figures() {
        return markdown.lines()
                .dropWhile(line -> !line.strip().equals(FIGURES))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .collect(Collectors.joining("\n"))
                .strip();
    }
}
