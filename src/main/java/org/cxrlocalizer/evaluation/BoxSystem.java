package org.cxrlocalizer.evaluation;

import org.cxrlocalizer.localization.BoxPolicy;

/**
 * One way from an image to boxes: a class activation method and a box policy.
 *
 * @param name what reports call it
 */
public record BoxSystem(String name, String method, BoxPolicy policy) {}
