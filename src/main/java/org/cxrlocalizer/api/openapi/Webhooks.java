// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import org.cxrlocalizer.webhook.JobKind;
import org.cxrlocalizer.webhook.WebhookHeaders;

/** What the service posts to the address in {@code webhook.url}. */
final class Webhooks {

    private static final String ABOUT =
            " Posted to `webhook.url`, with the job as the API answers it. The headers are those of Standard Webhooks 1.0: the"
                    + " signature is `v1,` and the base64 of the HMAC-SHA256, with the bytes of `webhook.secret`, of the id,"
                    + " the timestamp and the body, with dots between. An answer other than 2xx, a redirect included, or none"
                    + " in time is followed by up to 8 more attempts, in growing intervals, with the same id. A restart"
                    + " of the service loses none.";

    private Webhooks() {}

    static void addTo(OpenAPI document) {
        add(document, "pacsJobEnded", JobKind.PACS_JOB, "pacs", "A job of a PACS ended", "PacsJob");
        add(document, "evaluationEnded", JobKind.EVALUATION, "evaluations", "An evaluation ended", "Evaluation");
    }

    private static void add(OpenAPI document, String name, JobKind kind, String tag, String summary, String schema) {
        document.addWebhooks(name, path(name, kind, tag, summary, schema));
    }

    private static PathItem path(String name, JobKind kind, String tag, String summary, String schema) {
        return new PathItem()
                .post(new Operation()
                        .operationId(name)
                        .addTagsItem(tag)
                        .summary(summary)
                        .description("It succeeded, failed or was cancelled." + ABOUT)
                        .security(List.of())
                        .addParametersItem(header(
                                WebhookHeaders.ID,
                                "The delivery: the same for each of its attempts.",
                                new StringSchema().format("uuid")))
                        .addParametersItem(header(
                                WebhookHeaders.TIMESTAMP,
                                "When the attempt was made, in seconds since 1970.",
                                new IntegerSchema().format("int64")))
                        .addParametersItem(header(
                                WebhookHeaders.SIGNATURE,
                                "Of id, timestamp and body.",
                                new StringSchema().pattern("^v1,[A-Za-z0-9+/]{43}=$")))
                        .addParametersItem(header(
                                WebhookHeaders.EVENT, "What ended.", new StringSchema().addEnumItem(kind.event())))
                        .requestBody(new RequestBody()
                                .required(true)
                                .content(new Content()
                                        .addMediaType(
                                                "application/json",
                                                new MediaType()
                                                        .schema(new Schema<>()
                                                                .$ref("#/components/schemas/" + schema)))))
                        .responses(new ApiResponses()
                                .addApiResponse("2XX", new ApiResponse().description("The delivery was accepted."))));
    }

    private static HeaderParameter header(String name, String description, Schema<?> schema) {
        HeaderParameter header = new HeaderParameter();
        header.name(name).description(description).required(true).schema(schema);
        return header;
    }
}
