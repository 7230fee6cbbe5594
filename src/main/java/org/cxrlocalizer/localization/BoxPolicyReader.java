// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.Map;
import org.cxrlocalizer.json.JsonFault;
import org.cxrlocalizer.json.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads box policies from JSON, strictly: an unknown property or a missing number is an error. */
public final class BoxPolicyReader {

    private static final JsonMapper JSON = StrictJson.of(JsonMapper.builder()).build();

    private BoxPolicyReader() {}

    /** @throws InvalidPolicyException if it is not JSON, or not a policy */
    public static BoxPolicy read(String json) {
        BoxPolicy policy;
        try {
            policy = JSON.readValue(json, BoxPolicy.class);
        } catch (JacksonException e) {
            throw new InvalidPolicyException(JsonFault.describe(e));
        }
        if (policy == null) {
            throw new InvalidPolicyException("a policy must not be null");
        }
        return policy;
    }

    /**
     * Reads a policy of a manifest.
     *
     * @throws InvalidPolicyException if it is not a policy
     */
    public static BoxPolicy read(Map<String, Object> policy) {
        try {
            return JSON.treeToValue(JSON.valueToTree(policy), BoxPolicy.class);
        } catch (JacksonException e) {
            throw new InvalidPolicyException(JsonFault.describe(e));
        }
    }

    /** The policy as a manifest or a request holds it. */
    public static JsonNode json(BoxPolicy policy) {
        return JSON.valueToTree(policy);
    }

    /** The policy as JSON in one line; its type alone where that is all. */
    public static String describe(BoxPolicy policy) {
        JsonNode json = json(policy);
        String type = json.path("type").asString();
        BoxPolicy plain;
        try {
            plain = read("{\"type\":\"%s\"}".formatted(type));
        } catch (InvalidPolicyException e) {
            return json.toString();
        }
        return JSON.valueToTree(plain).equals(json) ? type : json.toString();
    }
}
