// SPDX-License-Identifier: Apache-2.0
/** Runs a model package on the Deep Java Library: input, queue, workers, devices, and variants of the network. */
@NullMarked
package org.cxrlocalizer.inference;

import org.jspecify.annotations.NullMarked;
