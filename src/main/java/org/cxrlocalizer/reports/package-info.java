// SPDX-License-Identifier: Apache-2.0
/**
 * Report text to mentions of findings to labels: sections, sentences, a lexicon and rules, all of them data. No model, no
 * network; Spring only binds the settings.
 */
@NullMarked
package org.cxrlocalizer.reports;

import org.jspecify.annotations.NullMarked;
