// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.AuditLines;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.evaluation.EvaluatedModel;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.serving.ServedModel;
import org.cxrlocalizer.serving.ServedModels;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.ClassPathResource;

/** All that names the model names it by one hash, of its manifest, which states the hashes of its files. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ModelIdentityTest {

    @LocalServerPort
    private int port;

    @Autowired
    private ServedModels models;

    @Autowired
    private RadiographReader reader;

    @Test
    void oneHashNamesTheModelInAnswersReportsAuditAndEvaluations() throws IOException {
        AuditLines audit = new AuditLines();
        Http http = new Http(port);
        byte[] image = Samples.read(Samples.NAMES.get(0));

        String name = http.get("/v1/models").json().at("/models/0/name").asString();
        String hash = DigestUtils.sha256Hex(
                new ClassPathResource("models/%s/model.yaml".formatted(name)).getContentAsByteArray());

        assertThat(http.get("/v1/models").json().at("/models/0/sha256").asString())
                .isEqualTo(hash);
        assertThat(http.get("/v1/models/" + name).json().get("sha256").asString())
                .isEqualTo(hash);
        assertThat(http.post("/v1/localizations", "image/png", image)
                        .json()
                        .at("/model/sha256")
                        .asString())
                .isEqualTo(hash);
        byte[] report = http.post("/v1/structured-reports", "image/png", image).body();
        assertThat(DicomFile.read(report, 0).dataSet().requiredString(Attribute.DEVICE_SERIAL_NUMBER))
                .isEqualTo(hash);
        List<String> lines = audit.atLeast(5);
        audit.close();
        assertThat(lines)
                .filteredOn(line -> line.contains("method=POST"))
                .hasSize(2)
                .allMatch(line -> line.contains("@sha256:" + hash));
        String evaluated = models.use(null, this::evaluated);
        assertThat(evaluated).isEqualTo(hash);
    }

    private String evaluated(ServedModel model) {
        return new EvaluatedModel(model.classifier(), model.localizer(), reader)
                .identity()
                .sha256();
    }
}
