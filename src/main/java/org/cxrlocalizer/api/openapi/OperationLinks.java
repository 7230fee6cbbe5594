// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.links.Link;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The links from an answer to the operations on what it names.
 *
 * @param operation whose answer it is
 * @param status of the answer
 * @param parameter of each target
 * @param expression where in the answer the parameter's value is
 */
record OperationLinks(String operation, String status, String parameter, String expression, List<String> targets) {

    private static final String ID = "$response.body#/id";

    private static final List<OperationLinks> ALL = List.of(
            new OperationLinks(
                    "startEvaluation",
                    "202",
                    "id",
                    ID,
                    List.of(
                            "getEvaluation",
                            "cancelEvaluation",
                            "deleteEvaluation",
                            "getEvaluationReport",
                            "getEvaluationReportPage",
                            "getEvaluationFigures")),
            new OperationLinks(
                    "localizeStudy", "202", "id", ID, List.of("getPacsJob", "cancelPacsJob", "retryPacsJob")),
            new OperationLinks(
                    "listModels", "200", "name", "$response.body#/models/0/name", List.of("getModel", "getModelCard")));

    static void addTo(OpenAPI document) {
        Map<String, Operation> operations = document.getPaths().values().stream()
                .map(PathItem::readOperations)
                .flatMap(List::stream)
                .collect(Collectors.toMap(Operation::getOperationId, Function.identity()));
        for (OperationLinks links : ALL) {
            ApiResponse answer = Objects.requireNonNull(operations.get(links.operation()))
                    .getResponses()
                    .get(links.status());
            for (String target : links.targets()) {
                Objects.requireNonNull(answer)
                        .link(
                                target,
                                new Link().operationId(target).addParameter(links.parameter(), links.expression()));
            }
        }
    }
}
