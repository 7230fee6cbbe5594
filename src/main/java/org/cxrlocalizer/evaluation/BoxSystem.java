package org.cxrlocalizer.evaluation;

import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.BoxPolicyReader;

/**
 * One way from an image to boxes: a class activation method and a box policy.
 *
 * @param name what reports call it
 */
public record BoxSystem(String name, String method, BoxPolicy policy) {

    /** Named by its method and policy. */
    public static BoxSystem of(String method, BoxPolicy policy) {
        return new BoxSystem(method + ", " + BoxPolicyReader.describe(policy), method, policy);
    }
}
