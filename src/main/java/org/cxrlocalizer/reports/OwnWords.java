// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A table of the user's, beside ours: words for findings ({@code label,means,phrase}) or rules
 * ({@code rule,assertion,scope,reach,phrase}).
 */
public final class OwnWords {

    /** Which of the tables. */
    public enum Kind {
        LEXICON,
        RULES
    }

    private final Kind kind;
    private final String name;
    private final Supplier<Reader> text;

    private OwnWords(Kind kind, String name, Supplier<Reader> text) {
        this.kind = kind;
        this.name = name;
        this.text = text;
    }

    /**
     * Names a table, which is read when a labeller is made.
     *
     * @param name for messages
     */
    public static OwnWords read(Kind kind, String name, Supplier<Reader> text) {
        return new OwnWords(kind, name, text);
    }

    void addTo(Lexicon lexicon, AssertionRules rules, Set<String> labels) {
        try (Reader reader = text.get()) {
            WordTable.read(name, reader, kind == Kind.LEXICON ? lexicon.rows(labels) : rules.rows());
        } catch (IOException | UncheckedIOException e) {
            throw new InvalidTableException("%s cannot be read: %s".formatted(name, e.getMessage()));
        }
    }
}
