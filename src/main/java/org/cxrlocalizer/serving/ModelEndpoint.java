// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import java.util.Map;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelRefusedException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/**
 * {@code POST /actuator/model} reloads a model's package; it is an operator's, and exposed only where the configuration says
 * so.
 */
@Component
@WebEndpoint(id = "model")
class ModelEndpoint {

    private final ServedModels models;

    ModelEndpoint(ServedModels models) {
        this.models = models;
    }

    /**
     * 422 with the reason if the package cannot be used, or there is no such model; then the old one is served on.
     *
     * @param name the default model where none is given
     */
    @WriteOperation
    WebEndpointResponse<Map<String, String>> reload(@Nullable String name) {
        try {
            ModelManifest manifest = models.reload(name);
            return new WebEndpointResponse<>(
                    Map.of("name", manifest.name(), "version", manifest.version(), "sha256", manifest.packageSha256()));
        } catch (ModelRefusedException | UnservedModelException e) {
            return new WebEndpointResponse<>(Map.of("refused", String.valueOf(e.getMessage())), 422);
        }
    }
}
