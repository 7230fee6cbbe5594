// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import java.util.Map;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelRefusedException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/**
 * {@code POST /actuator/model} and {@code POST /actuator/model/NAME} reload a model's package; they are an operator's, and exposed
 * only where the configuration lists them.
 */
@Component
@WebEndpoint(id = "model")
class ModelEndpoint {

    private final ServedModels models;

    ModelEndpoint(ServedModels models) {
        this.models = models;
    }

    /** Reloads the default model. */
    @WriteOperation
    WebEndpointResponse<Map<String, String>> reload() {
        return reloaded(null);
    }

    /** Reloads a model by its name, in the path: a body would have to be JSON. */
    @WriteOperation
    WebEndpointResponse<Map<String, String>> reload(@Selector String name) {
        return reloaded(name);
    }

    /** 422 with the reason if the package cannot be used, or there is no such model; then the old one is served on. */
    private WebEndpointResponse<Map<String, String>> reloaded(@Nullable String name) {
        try {
            ModelManifest manifest = models.reload(name);
            return new WebEndpointResponse<>(
                    Map.of("name", manifest.name(), "version", manifest.version(), "sha256", manifest.packageSha256()));
        } catch (ModelRefusedException | UnservedModelException e) {
            return new WebEndpointResponse<>(Map.of("refused", String.valueOf(e.getMessage())), 422);
        }
    }
}
