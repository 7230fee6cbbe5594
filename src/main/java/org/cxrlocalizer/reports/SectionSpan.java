// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

/** A section and where its text is, without its heading. */
public record SectionSpan(Section section, Span span) {}
