package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.util.List;

/** What a data element holds (PS3.5, section 7). */
sealed interface Element {

    /**
     * @param content a window on the file, in its byte order; its position is never moved
     * @param offset where the content lies
     */
    record Value(ValueRepresentation representation, ByteBuffer content, int offset) implements Element {}

    record Sequence(List<DataSet> items) implements Element {
        public Sequence {
            items = List.copyOf(items);
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
