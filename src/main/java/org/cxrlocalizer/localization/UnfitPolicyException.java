// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

/** A box policy cannot be used on maps of a unit. */
public final class UnfitPolicyException extends RuntimeException {

    UnfitPolicyException(BoxPolicy policy, MapUnit unit) {
        super("The policy %s cannot cut maps whose values are in the unit '%s'; take another method or policy."
                .formatted(BoxPolicyReader.describe(policy), unit.code()));
    }
}
