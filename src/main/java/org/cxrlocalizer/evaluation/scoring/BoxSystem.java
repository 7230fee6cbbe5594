// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.BoxPolicyReader;
import org.cxrlocalizer.model.Supervision;
import org.jspecify.annotations.Nullable;

/**
 * One way from an image to boxes: a class activation method and a box policy.
 *
 * @param name what reports call it
 * @param method null, as the policy, where the boxes come from elsewhere
 * @param fittedOnBoxes whether the method learnt from boxes; in JSON absent where it did not
 */
public record BoxSystem(
        String name,
        @Nullable String method,
        @Nullable BoxPolicy policy,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean fittedOnBoxes) {

    /** Named by its method and policy. */
    public static BoxSystem of(String method, BoxPolicy policy) {
        return new BoxSystem(method + ", " + BoxPolicyReader.describe(policy), method, policy, false);
    }

    /** Returns the same of a method that was fitted on boxes; its name states that. */
    public BoxSystem fitted(Supervision supervision) {
        return new BoxSystem("%s (%s)".formatted(name, supervision.words()), method, policy, true);
    }

    /** The method that its maps are kept by; empty without one. */
    public String mapsOf() {
        return method == null ? "" : method;
    }

    /** @throws NullPointerException if the boxes come from elsewhere */
    public BoxPolicy requirePolicy() {
        return Objects.requireNonNull(policy);
    }

    /** @throws NullPointerException if the boxes come from elsewhere */
    public String requireMethod() {
        return Objects.requireNonNull(method);
    }
}
