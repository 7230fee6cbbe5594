// SPDX-License-Identifier: Apache-2.0
/** One localization against the report of its image: labels, sides and thirds of the lungs. */
@NullMarked
package org.cxrlocalizer.reports.comparison;

import org.jspecify.annotations.NullMarked;
