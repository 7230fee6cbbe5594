// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.radiograph.ReadOptions;
import org.cxrlocalizer.security.Audit;
import org.springframework.stereotype.Component;

/** Reads the image of a request, and notes for the audit log which one it was and which model it is for. */
@Component
public class UploadReader {

    private final RadiographReader reader;
    private final Audit audit;

    UploadReader(RadiographReader reader, Audit audit) {
        this.reader = reader;
        this.audit = audit;
    }

    public Radiograph read(ImageUpload upload, ReadOptions options, ModelManifest model) {
        audit.model(model.name(), model.version(), model.packageSha256());
        Radiograph radiograph = reader.read(upload.bytes(), options, upload.memory());
        audit.object(radiograph.sha256());
        return radiograph;
    }
}
