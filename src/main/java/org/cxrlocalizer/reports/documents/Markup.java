// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

import java.util.Locale;
import java.util.Set;
import org.apache.commons.text.StringEscapeUtils;

/** The text of HTML, in one pass. Blocks become lines; scripts, styles and comments are left out. */
final class Markup {

    private static final Set<String> BLOCKS = Set.of(
            "br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section",
            "dt", "dd");
    private static final Set<String> SILENT = Set.of("script", "style", "head");

    private Markup() {}

    static String text(String html) {
        StringBuilder text = new StringBuilder(html.length());
        int at = 0;
        String silent = "";
        while (at < html.length()) {
            int open = html.indexOf('<', at);
            int end = open < 0 ? html.length() : open;
            if (silent.isEmpty()) {
                text.append(StringEscapeUtils.unescapeHtml4(html.substring(at, end)));
            }
            if (open < 0) {
                break;
            }
            boolean isComment = html.startsWith("<!--", open);
            int close = html.indexOf(isComment ? "-->" : ">", open);
            if (close < 0) {
                break;
            }
            String name = name(html, open + 1, close);
            if (BLOCKS.contains(name)) {
                text.append('\n');
            }
            boolean isEnd = html.charAt(open + 1) == '/';
            silent = isEnd && name.equals(silent) ? "" : !isEnd && SILENT.contains(name) ? name : silent;
            at = close + (isComment ? 3 : 1);
        }
        return text.toString();
    }

    private static String name(String html, int from, int to) {
        int start = from < to && html.charAt(from) == '/' ? from + 1 : from;
        int end = start;
        while (end < to && end < start + 10 && Character.isLetterOrDigit(html.charAt(end))) {
            end++;
        }
        return html.substring(start, end).toLowerCase(Locale.ROOT);
    }
}
