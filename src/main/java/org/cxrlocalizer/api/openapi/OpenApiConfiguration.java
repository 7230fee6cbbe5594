// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.openapi;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Contact;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cxrlocalizer.api.BoxBody;
import org.cxrlocalizer.api.ProblemType;
import org.cxrlocalizer.api.Problems;
import org.cxrlocalizer.api.TakesImage;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;

/** The parts of the OpenAPI document that annotations cannot say. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String PROBLEM = "Problem";
    private static final String KEY = "key";

    /** Bodies in which an unknown property is refused; those of the policies are closed where they are described. */
    private static final List<String> CLOSED =
            List.of("EvaluationRequest", "ComparisonRequest", "ReportRequest", "Box", "ImageForm", "LocalizationForm");

    private static final String TOKEN = "token";

    /** In the order in which a reader needs them; the document would have them as classes are found. */
    private static final List<String> TAGS =
            List.of("localization", "results", "ground truth", "reports", "models", "evaluations", "dataset", "pacs");

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("cxr-localizer")
                        .version("1")
                        .description("Localizes findings on chest X-rays, and scores the boxes."
                                + " Research software, not a medical device.")
                        .contact(new Contact().name("The cxr-localizer developers"))
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                KEY,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.HEADER)
                                        .name("X-API-Key")
                                        .description("Where `security.mode` is `api-key`."))
                        .addSecuritySchemes(
                                TOKEN,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")
                                        .description(
                                                "Where `security.mode` is `jwt`; scopes `localize`, `pacs`, `admin`.")))
                .addSecurityItem(new SecurityRequirement()) // none is needed where the mode is none
                .addSecurityItem(new SecurityRequirement().addList(KEY))
                .addSecurityItem(new SecurityRequirement().addList(TOKEN))
                .servers(List.of(new Server().url("/").description("This service")));
    }

    @Bean
    OpenApiCustomizer schemas() {
        return document -> {
            Components components = document.getComponents();
            components.getSchemas().forEach((name, schema) -> {
                if (!name.endsWith("Request") && !name.endsWith("Form")) {
                    describeAsWritten(schema);
                }
            });
            OperationLinks.addTo(document);
            Webhooks.addTo(document);
            limitBoxes(Objects.requireNonNull(components.getSchemas().get("Box")));
            components.addSchemas(PROBLEM, problemSchema());
            CLOSED.forEach(name ->
                    Objects.requireNonNull(components.getSchemas().get(name)).setAdditionalProperties(false));
            BoxPolicySchemas.addTo(components);
            document.setTags(document.getTags().stream()
                    .sorted(Comparator.comparingInt(tag -> TAGS.indexOf(tag.getName())))
                    .toList());
        };
    }

    /** The service writes every property, and null where there is nothing to say. */
    private static void describeAsWritten(Schema<?> schema) {
        if (schema.getProperties() != null) {
            schema.setRequired(List.copyOf(schema.getProperties().keySet()));
            schema.getProperties().values().forEach(OpenApiConfiguration::allowNullInEnum);
        }
    }

    private static void limitBoxes(Schema<?> box) {
        BigDecimal largest = BigDecimal.valueOf((long) BoxBody.LARGEST);
        for (String name : List.of("x", "y")) {
            Objects.requireNonNull(box.getProperties().get(name))
                    .minimum(largest.negate())
                    .maximum(largest);
        }
        for (String name : List.of("width", "height")) {
            Objects.requireNonNull(box.getProperties().get(name))
                    .minimum(BigDecimal.valueOf(BoxBody.SMALLEST_SIDE))
                    .maximum(largest);
        }
    }

    private static void allowNullInEnum(Schema<?> property) {
        if (property.getEnum() != null
                && property.getTypes() != null
                && property.getTypes().contains("null")) {
            property.addEnumItemObject(null);
        }
    }

    private static Schema<?> problemSchema() {
        StringSchema type = new StringSchema();
        type.setDescription("Which kind of problem it is; stable.");
        type.setEnum(Arrays.stream(ProblemType.values())
                .map(problem -> problem.uri().toString())
                .toList());
        Schema<?> schema = new ObjectSchema().description("A problem (RFC 9457).");
        schema.addProperty("type", type);
        schema.addProperty("title", new StringSchema());
        schema.addProperty("status", new IntegerSchema());
        schema.addProperty("detail", new StringSchema().description("What is wrong with this very request."));
        schema.addProperty("instance", new StringSchema().description("The path of the request."));
        StringSchema reason = new StringSchema();
        reason.setDescription("Of 'not-a-frontal-chest-radiograph': what is in the way; stable.");
        reason.setEnum(Arrays.stream(NotAFrontalChestRadiographException.Reason.values())
                .map(NotAFrontalChestRadiographException.Reason::code)
                .toList());
        schema.addProperty("reason", reason);
        schema.addProperty("estimatedBytes", bytes("the memory that the scoring needs, in bytes."));
        schema.addProperty("limitBytes", bytes("the memory that scorings may take, in bytes."));
        schema.setRequired(List.of("type", "title", "status"));
        return schema;
    }

    private static Schema<?> bytes(String what) {
        return new IntegerSchema().format("int64").description("Of 'evaluation-too-large': " + what);
    }

    @Bean
    OperationCustomizer rawImages() {
        return OpenApiConfiguration::addRawImages;
    }

    private static Operation addRawImages(Operation operation, HandlerMethod method) {
        if (method.hasMethodAnnotation(TakesImage.class)) {
            TakesImage.RAW_BODIES.forEach(type -> operation
                    .getRequestBody()
                    .getContent()
                    .addMediaType(type, new MediaType().schema(new StringSchema().format("binary"))));
        }
        return operation;
    }

    @Bean
    OperationCustomizer problems() {
        return OpenApiConfiguration::addProblems;
    }

    private static Operation addProblems(Operation operation, HandlerMethod method) {
        Set<Problems> stated = AnnotatedElementUtils.findAllMergedAnnotations(method.getMethod(), Problems.class);
        if (!stated.isEmpty()) {
            Map<Integer, List<ProblemType>> byStatus = Stream.concat(
                            stated.stream().flatMap(problems -> Arrays.stream(problems.value())),
                            Stream.of(
                                    ProblemType.MALFORMED_REQUEST,
                                    ProblemType.INVALID_PARAMETER,
                                    ProblemType.UNAUTHENTICATED,
                                    ProblemType.FORBIDDEN,
                                    ProblemType.RATE_LIMITED,
                                    ProblemType.NOT_ACCEPTABLE,
                                    ProblemType.INTERNAL_ERROR))
                    .distinct()
                    .sorted()
                    .collect(Collectors.groupingBy(
                            problem -> problem.status().value(), TreeMap::new, Collectors.toList()));
            byStatus.forEach((status, types) -> operation
                    .getResponses()
                    .addApiResponse(
                            String.valueOf(status),
                            new ApiResponse()
                                    .description(types.stream()
                                            .map(type -> "%s (`%s`)".formatted(type.title(), type.uri()))
                                            .collect(Collectors.joining("; ")))
                                    .content(new Content()
                                            .addMediaType(
                                                    "application/problem+json",
                                                    new MediaType()
                                                            .schema(new Schema<>()
                                                                    .$ref("#/components/schemas/" + PROBLEM))))));
        }
        return operation;
    }
}
