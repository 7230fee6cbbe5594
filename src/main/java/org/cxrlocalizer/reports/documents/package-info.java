// SPDX-License-Identifier: Apache-2.0
/** The text of a report out of a message or a document: plain, JSON, HL7 v2, FHIR, DICOM SR. */
@NullMarked
package org.cxrlocalizer.reports.documents;

import org.jspecify.annotations.NullMarked;
