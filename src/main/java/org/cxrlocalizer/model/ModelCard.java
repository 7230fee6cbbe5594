// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import java.util.List;
import java.util.stream.Collectors;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * A model card.
 *
 * @param markdown the whole text
 */
public record ModelCard(String markdown) {

    private static final String FIGURES = "## Figures";
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

    /** What stands under the heading "Figures", up to the next heading of its level; empty where there is none. */
    public String figures() {
        return markdown.lines()
                .dropWhile(line -> !line.strip().equals(FIGURES))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    /** The text as the body of an HTML page. HTML in the Markdown is shown as text, and links that could run scripts are cut. */
    public String html() {
        return HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .escapeHtml(true)
                .sanitizeUrls(true)
                .build()
                .render(Parser.builder().extensions(EXTENSIONS).build().parse(markdown));
    }
}
