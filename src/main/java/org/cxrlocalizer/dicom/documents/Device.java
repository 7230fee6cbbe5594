// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

/**
 * What makes a document: software, and the model in it.
 *
 * @param manufacturer of the software
 * @param model its name and that of the model
 * @param serialNumber what distinguishes this very model from all others
 * @param version of the software and the model
 */
public record Device(String manufacturer, String model, String serialNumber, String version) {}
