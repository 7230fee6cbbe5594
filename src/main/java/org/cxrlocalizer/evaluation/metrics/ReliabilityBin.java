// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

/**
 * The images of a label whose probability falls into one bin of a reliability diagram.
 *
 * @param probability their mean probability
 * @param share how many of them have the label
 */
public record ReliabilityBin(double probability, Estimate share) {}
