// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a data element holds (PS3.5, section 7). */
sealed interface Element {

    /** Whether another element has the same value, wherever it lies. */
    default boolean hasSameContent(@Nullable Element other) {
        if (this instanceof Value value && other instanceof Value another) {
            return value.content().equals(another.content());
        }
        if (this instanceof Sequence sequence && other instanceof Sequence another) {
            return sequence.hasSameItems(another);
        }
        return equals(other);
    }

    /**
     * @param content a window on the file, in its byte order; its position is never moved
     * @param offset where the content lies
     */
    record Value(ValueRepresentation representation, ByteBuffer content, int offset) implements Element {}

    record Sequence(List<DataSet> items) implements Element {
        public Sequence {
            items = List.copyOf(items);
        }

        private boolean hasSameItems(Sequence other) {
            return items.size() == other.items.size()
                    && IntStream.range(0, items.size())
                            .allMatch(i -> items.get(i).hasSameContent(other.items.get(i)));
        }
    }

    /**
     * Encapsulated pixel data (PS3.5, annex A.4).
     *
     * @param offsetTable the first item, which may be empty
     * @param parts all other items, in order
     */
    record Fragments(ByteBuffer offsetTable, List<ByteBuffer> parts) implements Element {
        public Fragments {
            parts = List.copyOf(parts);
        }
    }
}
