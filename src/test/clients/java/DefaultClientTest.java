// SPDX-License-Identifier: Apache-2.0
import java.io.File;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.LocalizationApi;
import org.openapitools.client.api.ModelsApi;
import org.openapitools.client.api.ResultsApi;
import org.openapitools.client.model.Finding;
import org.openapitools.client.model.Localization;

/** Uses a Java client that was generated with default options, of either library: DefaultClientTest ADDRESS PNG DICOM. */
public class DefaultClientTest {

    public static void main(String[] arguments) throws Exception {
        ApiClient client = at(arguments[0]);
        File png = new File(arguments[1]);
        File dicom = new File(arguments[2]);
        LocalizationApi localizations = new LocalizationApi(client);

        Localization found = localizations.localize(png, null, null, null, null, null, null, null, null, null, null, null, "Cardiomegaly.");
        check(found.getImage().getMediaType().equals("image/png"), "the type of the PNG");
        Finding cardiomegaly = found.getFindings().stream()
                .filter(finding -> finding.getLabel().equals("Cardiomegaly"))
                .findFirst()
                .orElseThrow();
        check(cardiomegaly.getBoxes().get(0).getWidth() > 100, "the box");
        check(cardiomegaly.getReported() == Finding.ReportedEnum.PRESENT, "what the report states");
        check(cardiomegaly.getComparisons().get(0).getIou() > 0.3, "the IoU with the ground truth, by the file's name");

        Localization ofDicom = localizations.localize(
                dicom, null, List.of("Mass", "Nodule"), "cam", "{\"type\":\"fraction\",\"fraction\":0.5}", BigDecimal.ZERO, null, null, 1, true, true, null, null);
        check(ofDicom.getImage().getMediaType().equals("application/dicom"), "the type of the DICOM file");
        check(ofDicom.getFindings().size() == 2, "two findings");

        File report = new ResultsApi(client).writeStructuredReport(dicom, null, null, null, null, null, null, null, null, null, true, null);
        check(new String(Files.readAllBytes(report.toPath()), 128, 4, "US-ASCII").equals("DICM"), "the report");

        Path bad = Files.writeString(Files.createTempFile("bad", ".png"), "no image");
        try {
            localizations.localize(bad.toFile(), null, null, null, null, null, null, null, null, null, null, null, null);
            check(false, "no image was taken for one");
        } catch (ApiException e) {
            check(e.getCode() == 422 && e.getResponseBody().contains("unreadable-image"), "the problem " + e.getResponseBody());
        } finally {
            Files.delete(bad);
        }
        check(new ModelsApi(client).listModels().getModels().get(0).getName().equals("cxr14-cells"), "the model");
        System.out.println(arguments[3] + ": all of it holds");
    }

    /** The libraries name this differently. */
    private static ApiClient at(String address) throws ReflectiveOperationException {
        ApiClient client = new ApiClient();
        for (String name : List.of("updateBaseUri", "setBasePath")) {
            try {
                ApiClient.class.getMethod(name, String.class).invoke(client, address);
                return client;
            } catch (NoSuchMethodException e) {
                // it is the other library
            }
        }
        throw new NoSuchMethodException("the address cannot be set");
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
