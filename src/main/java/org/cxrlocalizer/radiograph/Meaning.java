// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.Locale;

/** The meaning of a word, or a code, of a body part or a view. In the tables in lower case with hyphens. */
enum Meaning {
    /** The chest, or an organ that fills it. */
    CHEST,
    /** The chest where it is the name of a body part; in a sentence, the word may be a name, as that of a hospital. */
    CHEST_FIELD,
    /** Of the chest where it stands alone as the name of a body part; beside another part, it states where that one is. */
    THORACIC,
    /** A part of the chest's wall, or the chest and its neighbours. */
    NEAR_CHEST,
    OTHER_PART,
    /** Another part where it is the name of a body part; in a sentence, the word may mean something else. */
    OTHER_PART_FIELD,
    ANIMAL,
    /** The spine where it is the name of a body part; where it is the name of a view, one of a hand or foot. */
    DORSAL,
    /** The face, or French for a frontal view. */
    FACE,
    FRONTAL,
    LATERAL,
    /** Oblique, decubitus, axial, or a view of another part of the body. */
    NOT_FRONTAL,
    /** Not frontal where it is the name of a view; in a sentence, the word may mean something else. */
    VIEW_POSITION_ONLY,
    /** Frontal, but with a beam that the models have not seen. */
    UNUSUAL,
    /** Without a meaning of part or view; words that are written as one with others. */
    FILLER;

    static Meaning of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
