// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.events;

/**
 * The state of a job at one time.
 *
 * @param answer what is sent of it; one that equals the last is not sent again
 * @param isFinal whether it does not change any more
 */
public record JobSnapshot(Object answer, boolean isFinal) {}
