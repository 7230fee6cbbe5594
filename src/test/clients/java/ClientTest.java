// SPDX-License-Identifier: Apache-2.0
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.cxrlocalizer.client.ApiClient;
import org.cxrlocalizer.client.api.EvaluationsApi;
import org.cxrlocalizer.client.api.LocalizationApi;
import org.cxrlocalizer.client.api.ModelsApi;
import org.cxrlocalizer.client.api.ResultsApi;
import org.cxrlocalizer.client.model.ExpectedIouPolicy;
import org.cxrlocalizer.client.model.Evaluation;
import org.cxrlocalizer.client.model.EvaluationRequest;
import org.cxrlocalizer.client.model.Finding;
import org.cxrlocalizer.client.model.FractionPolicy;
import org.cxrlocalizer.client.model.Localization;
import org.cxrlocalizer.client.model.Problem;
import org.cxrlocalizer.client.model.ScoredBox;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.web.client.HttpClientErrorException;

/** Uses the generated Java client as a program would: ClientTest ADDRESS PNG DICOM. See .ci/clients. */
public class ClientTest {

    public static void main(String[] arguments) throws Exception {
        ApiClient client = new ApiClient().setBasePath(arguments[0]);
        Path png = Path.of(arguments[1]);
        Resource dicom = new FileSystemResource(arguments[2]);
        LocalizationApi localizations = new LocalizationApi(client);

        Localization raw = localizations.localize(
                new FileSystemResource(png), null, null, null, null, null, null, null, null, null, null, null, "Cardiomegaly.");
        check(raw.getImage().getMediaType().equals("image/png"), "the type of the PNG");
        check(raw.getPolicy() instanceof ExpectedIouPolicy, "the policy's class, not " + raw.getPolicy());
        Finding cardiomegaly = finding(raw, "Cardiomegaly");
        ScoredBox box = cardiomegaly.getBoxes().get(0);
        check(box.getWidth() > 100 && box.getScore() <= 1, "the box " + box);
        check(cardiomegaly.getComparisons().get(0).getIou() > 0.3, "the IoU with the ground truth");
        check(cardiomegaly.getReported() == Finding.ReportedEnum.PRESENT, "what the report states");

        Localization ofDicom = localizations.localize(
                dicom, null, List.of("Mass"), "cam", "{\"type\":\"fraction\",\"fraction\":0.5}", BigDecimal.ZERO, null, null, 1, true, true, null, null);
        check(ofDicom.getImage().getMediaType().equals("application/dicom"), "the type of the DICOM file");
        check(ofDicom.getPolicy() instanceof FractionPolicy fraction && fraction.getFraction() == 0.5, "the policy");
        check(ofDicom.getFindings().size() == 1, "one finding");
        check(ofDicom.getFindings().get(0).getMap().getValues().size() == 256, "the map's values");

        byte[] report = new ResultsApi(client)
                .writeStructuredReport(dicom, null, null, null, null, null, null, null, null, null, true, null)
                .getContentAsByteArray();
        check(new String(report, 128, 4, "US-ASCII").equals("DICM"), "the report is a DICOM file");

        try {
            localizations.localize(
                    bad("no image"), null, null, null, null, null, null, null, null, null, null, null, null);
            check(false, "no image was taken for one");
        } catch (HttpClientErrorException e) {
            Problem problem = e.getResponseBodyAs(Problem.class);
            check(problem.getType() == Problem.TypeEnum.URN_CXR_LOCALIZER_PROBLEM_UNREADABLE_IMAGE, "the problem " + problem);
            check(e.getStatusCode().value() == 422 && problem.getStatus() == 422, "its status");
        }

        check(new ModelsApi(client).listModels().getModels().get(0).getName().equals("cxr14-cells"), "the model");
        evaluate(new EvaluationsApi(client));
        System.out.println("Java: all of it holds");
    }

    /** A part with a file name: without one it would be a field of the form. */
    private static Resource bad(String content) {
        return new ByteArrayResource(content.getBytes(StandardCharsets.US_ASCII)) {
            @Override
            public String getFilename() {
                return "bad.png";
            }
        };
    }

    private static void evaluate(EvaluationsApi evaluations) throws InterruptedException {
        EvaluationRequest request = new EvaluationRequest()
                .dataset("samples")
                .draws(10)
                .methods(List.of("layercam"))
                .policies(List.of(new FractionPolicy().fraction(0.4).type(FractionPolicy.TypeEnum.FRACTION)));
        Evaluation evaluation = evaluations.startEvaluation(request, null, null);
        Instant latest = Instant.now().plus(Duration.ofSeconds(60));
        while (evaluation.getFinished() == null && Instant.now().isBefore(latest)) {
            Thread.sleep(200);
            evaluation = evaluations.getEvaluation(evaluation.getId());
        }
        check(evaluation.getState() == Evaluation.StateEnum.SUCCEEDED, "the evaluation " + evaluation);
        check(evaluation.getPolicies().get(0) instanceof FractionPolicy, "its policy");
        check(evaluations.getEvaluationReport(evaluation.getId()) != null, "its report");
        check(evaluations.getEvaluationFigures(evaluation.getId()).startsWith("table,"), "its figures");
        evaluations.deleteEvaluation(evaluation.getId());
    }

    private static Finding finding(Localization localization, String label) {
        return localization.getFindings().stream()
                .filter(finding -> finding.getLabel().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
