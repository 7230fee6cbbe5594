// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call of curl in a block of code of a document.
 *
 * @param line of the document, from 1
 * @param command as it stands there, with its comment
 * @param notRun why it is not run, as a comment {@code <!-- not run: REASON -->} before the block states it; empty where it is run
 * @param status that its comment shows; 0 where it shows none
 * @param answer the JSON block behind it; empty where there is none
 */
record DocumentedCall(Path document, int line, String command, String notRun, int status, String answer) {

    /** A block, indented or between fences, the comment before it and the JSON block behind it. */
    private static final Pattern BLOCK = Pattern.compile(
            "^(?:<!-- not run: (?<notRun>[^\\n]+) -->\\n+)?"
                    + "(?:(?<indented>(?: {4}[^\\n]*\\n)+)|(?<fenced>```[^\\n]*\\n.*?\\n```\\n))"
                    + "(?:\\n*```json\\n(?<answer>.*?)\\n```\\n)?",
            Pattern.DOTALL | Pattern.MULTILINE);

    private static final Pattern CALL = Pattern.compile("(?m)^ *(curl (?:[^\\n]*\\\\\\n)*[^\\n]*)$");
    private static final Pattern STATUS = Pattern.compile(" # (\\d{3})\\b");

    /** Returns those of the front page and of the documents, in their order. */
    static List<DocumentedCall> all() throws IOException {
        List<DocumentedCall> calls = new ArrayList<>(in(Path.of("README.md")));
        try (Stream<Path> files = Files.list(Path.of("src/docs"))) {
            for (Path document : files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                calls.addAll(in(document));
            }
        }
        return calls;
    }

    private static List<DocumentedCall> in(Path document) throws IOException {
        String text = Files.readString(document);
        List<DocumentedCall> calls = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            String group = block.group("indented") == null ? "fenced" : "indented";
            for (MatchResult call : CALL.matcher(block.group(group)).results().toList()) {
                Matcher status = STATUS.matcher(call.group(1));
                calls.add(new DocumentedCall(
                        document,
                        lines(text, block.start(group) + call.start(1)),
                        call.group(1),
                        given(block.group("notRun")),
                        status.find() ? Integer.parseInt(status.group(1)) : 0,
                        given(block.group("answer"))));
            }
        }
        return calls;
    }

    private static int lines(String text, int end) {
        return (int) text.substring(0, end).lines().count();
    }

    private static String given(@Nullable String group) {
        return group == null ? "" : group;
    }

    @Override
    public String toString() {
        return "%s:%d: %s"
                .formatted(document, line, command.lines().map(String::strip).collect(Collectors.joining(" ")));
    }
}
