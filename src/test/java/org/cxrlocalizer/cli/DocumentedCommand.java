// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/**
 * A command of the jar in the code of a document, or an option of one.
 *
 * @param line of the document, from 1; of a block, its first
 * @param arguments from the command's name on, without settings; of an option alone, the option and its value
 * @param started whether they stand behind the jar or the image, so that a reader may copy them
 */
record DocumentedCommand(Path document, int line, List<String> arguments, boolean started) {

    private static final Parser MARKDOWN = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
            .build();

    /** With {@code -Djarmode}, Spring Boot's own tools run in the place of the program. */
    private static final Pattern START = Pattern.compile(
            ".*\\b(?:java\\s(?!-Djarmode=).*cxr-localizer\\.jar|docker run\\s.*\\scxr-localizer)((?:\\s.*)?)");

    private static final Pattern COMMENT = Pattern.compile("\\s+#\\s.*");
    private static final Pattern CONTINUED = Pattern.compile("\\\\\\n\\s*");
    private static final Pattern SETTING = Pattern.compile("--[a-z][\\w-]*\\..*");

    /** Returns those of README, CONTRIBUTING, SECURITY, the documents and the models' documents. */
    static List<DocumentedCommand> all(Set<String> names) throws IOException {
        List<DocumentedCommand> commands = new ArrayList<>();
        for (String root : List.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "src/docs", "models")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                for (Path document : files.filter(file -> file.toString().endsWith(".md"))
                        .sorted()
                        .toList()) {
                    commands.addAll(in(document, names));
                }
            }
        }
        return commands;
    }

    private static List<DocumentedCommand> in(Path document, Set<String> names) throws IOException {
        List<DocumentedCommand> commands = new ArrayList<>();
        MARKDOWN.parse(Files.readString(document)).accept(new AbstractVisitor() {
            @Override
            public void visit(Code span) {
                add(span, span.getLiteral());
            }

            @Override
            public void visit(FencedCodeBlock block) {
                addLines(block, block.getLiteral());
            }

            @Override
            public void visit(IndentedCodeBlock block) {
                addLines(block, block.getLiteral());
            }

            private void addLines(Node block, String text) {
                CONTINUED.matcher(text).replaceAll(" ").lines().forEach(line -> add(block, line));
            }

            private void add(Node node, String text) {
                int line = node.getSourceSpans().get(0).getLineIndex() + 1;
                Matcher start = START.matcher(text);
                boolean started = start.matches();
                List<String> arguments = Stream.of(COMMENT.matcher(started ? text.substring(start.start(1)) : text)
                                .replaceAll("")
                                .strip()
                                .split("\\s+", -1))
                        .filter(it -> !it.isEmpty() && !SETTING.matcher(it).matches())
                        .toList();
                boolean named = arguments.size() > 1 && names.contains(arguments.get(0));
                if (started ? !arguments.isEmpty() : named || isOption(text)) {
                    commands.add(new DocumentedCommand(document, line, arguments, started));
                }
            }

            /** Documents of models have options of Python tools. */
            private boolean isOption(String text) {
                return text.startsWith("--") && !SETTING.matcher(text).matches() && document.startsWith("src/docs");
            }
        });
        return commands;
    }

    /** Returns it without the brackets around what may be left out. */
    List<String> withOptionalParts() {
        return arguments.stream().map(it -> it.replaceAll("[\\[\\]]", "")).toList();
    }

    @Override
    public String toString() {
        return "%s:%d: %s".formatted(document, line, String.join(" ", arguments));
    }
}
