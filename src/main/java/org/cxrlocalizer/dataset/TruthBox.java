// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import org.cxrlocalizer.geometry.Box;

/** A box that a radiologist drew for one label. */
public record TruthBox(String label, Box box) {}
