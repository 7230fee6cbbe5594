package org.cxrlocalizer.localization;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/** Reads box policies from JSON, strictly: an unknown property or a missing number is an error. */
public final class BoxPolicyReader {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private BoxPolicyReader() {}

    /** @throws InvalidPolicyException if it is no JSON, or not a policy */
    public static BoxPolicy read(String json) {
        BoxPolicy policy;
        try {
            policy = JSON.readValue(json, BoxPolicy.class);
        } catch (JacksonException e) {
            throw new InvalidPolicyException(reason(e));
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
            throw new InvalidPolicyException(reason(e));
        }
    }

    /** The policy as a manifest or a request holds it. */
    public static JsonNode json(BoxPolicy policy) {
        return JSON.valueToTree(policy);
    }

    /** The policy as JSON in one line; its type alone where that says all. */
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

    private static String reason(JacksonException e) {
        return e instanceof ValueInstantiationException
                        && e.getCause() != null
                        && e.getCause().getMessage() != null
                ? e.getCause().getMessage()
                : e.getOriginalMessage();
    }
}
