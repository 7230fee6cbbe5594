// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cxrlocalizer.Application;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.CellsPackage;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.pacs.Archive;
import org.cxrlocalizer.pacs.jobs.LocalizeStudy;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.storage.Paging;
import org.jobrunr.storage.StorageProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * Jobs over HTTP, and a PACS in memory; `.ci/pacs` does the same with Orthanc. Jobs wait for the library's next look, which
 * comes every five seconds; hence all tests at once.
 */
@Execution(ExecutionMode.CONCURRENT)
class PacsApiTest {

    private static final String SAMPLE = "00022215_012.png";
    private static final String DIGITAL_RADIOGRAPH = "1.2.840.10008.5.1.4.1.1.1.1";
    private static final AtomicInteger STUDIES = new AtomicInteger();

    @TempDir
    static Path folder;

    private static Archive archive;
    private static ConfigurableApplicationContext service;

    @BeforeAll
    static void start() throws IOException {
        archive = new Archive();
        service = run("common");
    }

    private static ConfigurableApplicationContext run(String database) {
        return run(database, false);
    }

    private static ConfigurableApplicationContext run(String database, boolean acceptUnsaid, String... more) {
        return new SpringApplication(Application.class)
                .run(Stream.concat(
                                Stream.of(more),
                                Stream.of(
                                        "--pacs.accept-unsaid=" + acceptUnsaid,
                                        "--server.port=0",
                                        "--evaluation.directory=" + folder.resolve("state"),
                                        "--spring.datasource.url=jdbc:h2:async:" + folder.resolve(database)
                                                + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE",
                                        "--jobrunr.jobs.retry-back-off-time-seed=1",
                                        "--pacs.nodes.main.base-url=" + archive.baseUrl(),
                                        "--pacs.nodes.main.username=cxr",
                                        "--pacs.nodes.main.password=secret",
                                        "--pacs.nodes.gone.base-url=http://127.0.0.1:1/dicom-web"))
                        .toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        service.close();
        archive.close();
    }

    private static Http http() {
        return http(service);
    }

    private static Http http(ConfigurableApplicationContext service) {
        return new Http(service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    /** A study of its own for each test. */
    private static String study(int images) {
        String study = "1.2.3." + STUDIES.incrementAndGet();
        for (int i = 1; i <= images; i++) {
            addImage(study, i, "PA");
        }
        return study;
    }

    private static void addImage(String study, int number, String view) {
        archive.add(file(image(study, number).add(Attribute.VIEW_POSITION, view)));
    }

    private static DicomBuilder image(String study, int number) {
        return DicomSamples.chest(SAMPLE)
                .add(Attribute.SOP_CLASS_UID, DIGITAL_RADIOGRAPH)
                .add(Attribute.SOP_INSTANCE_UID, study + ".1." + number)
                .add(Attribute.SERIES_INSTANCE_UID, study + ".1")
                .add(Attribute.STUDY_INSTANCE_UID, study)
                .add(Attribute.PATIENT_ID, "17");
    }

    private static byte[] file(DicomBuilder image) {
        return image.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
    }

    /** Of each refused image, its UID and the reason. */
    private static List<String> refused(JsonNode job) {
        return job.get("refused")
                .valueStream()
                .map(image -> image.get("sopInstanceUid").asString() + " "
                        + image.get("reason").asString())
                .toList();
    }

    private static JsonNode submit(String node, String study) {
        return submit(http(), node, study);
    }

    private static JsonNode submit(Http http, String node, String study) {
        Http.Answer answer =
                http.post("/v1/pacs/%s/studies/%s".formatted(node, study), "application/json", new byte[0]);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json();
    }

    private static JsonNode job(String id) {
        return http().get("/v1/pacs/jobs/" + id).json();
    }

    private static JsonNode await(String id, String state) {
        return await(http(), id, state);
    }

    private static JsonNode await(Http http, String id, String state) {
        return Await.until(
                "the job has " + state,
                () -> http.get("/v1/pacs/jobs/" + id).json(),
                job -> job.get("state").asString().equals(state));
    }

    private static JsonNode localized(String study) {
        return await(submit("main", study).get("id").asString(), "SUCCEEDED");
    }

    private static List<String> results(String study) {
        return archive.study(study).stream()
                .map(object -> object.requiredString(Attribute.SOP_CLASS_UID))
                .filter(sopClass -> !sopClass.equals(DIGITAL_RADIOGRAPH))
                .sorted()
                .toList();
    }

    @Test
    void everyRadiographOfAStudyGetsItsResults() {
        String study = study(2);

        JsonNode job = localized(study);

        assertThat(job.get("imagesTotal").asInt()).isEqualTo(2);
        assertThat(job.get("imagesDone").asInt()).isEqualTo(2);
        assertThat(job.get("objectsStored").asInt()).isEqualTo(6);
        assertThat(results(study))
                .containsExactly(
                        "1.2.840.10008.5.1.4.1.1.11.1",
                        "1.2.840.10008.5.1.4.1.1.11.1",
                        "1.2.840.10008.5.1.4.1.1.7",
                        "1.2.840.10008.5.1.4.1.1.7",
                        "1.2.840.10008.5.1.4.1.1.88.33",
                        "1.2.840.10008.5.1.4.1.1.88.33");
        assertThat(archive.study(study))
                .allMatch(object ->
                        object.text(Attribute.PATIENT_ID).orElseThrow().equals("17"));
        assertThat(archive.study(study).stream()
                        .map(object -> object.requiredString(Attribute.SOP_INSTANCE_UID))
                        .distinct())
                .hasSize(8);
    }

    @Test
    void aRepeatedRequestStoresNothingTwice() {
        String study = study(1);
        localized(study);

        JsonNode again = localized(study);

        assertThat(again.get("objectsStored").asInt()).isZero();
        assertThat(results(study)).hasSize(3);
        assertThat(archive.requests().stream()
                        .filter(request -> request.startsWith("GET /studies/%s/series".formatted(study))))
                .hasSize(1);
    }

    @Test
    void anImageThatCameLaterGetsItsResultsToo() {
        String study = study(1);
        localized(study);
        addImage(study, 2, "AP");

        assertThat(localized(study).get("objectsStored").asInt()).isEqualTo(3);
        assertThat(results(study)).hasSize(6);
    }

    @Test
    void aStudyHasOneOpenJobAtATime() {
        String study = study(4);

        List<String> ids = List.of(
                submit("main", study).get("id").asString(),
                submit("main", study).get("id").asString(),
                submit("main", study).get("id").asString());

        assertThat(ids.stream().distinct()).hasSize(1);
        await(ids.get(0), "SUCCEEDED");
        assertThat(results(study)).hasSize(12);
    }

    @Test
    void aRefusedImageDoesNotHoldUpTheOthers() {
        String study = study(1);
        addImage(study, 2, "LL");

        JsonNode job = localized(study);

        assertThat(job.get("imagesRefused").asInt()).isEqualTo(1);
        assertThat(refused(job)).containsExactly(study + ".1.2 view");
        assertThat(job.at("/refused/0/detail").asString()).contains("lateral").doesNotContain("force");
        assertThat(results(study)).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "STUDY_INSTANCE_UID, 1.2.9.77",
        "SERIES_INSTANCE_UID, 1.2.9.77",
        "SOP_INSTANCE_UID, 1.2.9.77",
        "SOP_CLASS_UID, 1.2.840.10008.5.1.4.1.1.1"
    })
    void aFileOfAnotherImageThanTheRequestedOneIsRefused(Attribute attribute, String uid) {
        String study = study(2);
        archive.send(study + ".1.1", file(image(study, 1).add(attribute, uid)));

        JsonNode job = localized(study);

        assertThat(refused(job)).containsExactly(study + ".1.1 uid-mismatch");
        assertThat(results(study)).hasSize(3);
        assertThat(archive.study("1.2.9.77")).isEmpty();
    }

    @Test
    void aFileWhoseMetaInformationStatesAnotherImageIsRefused() {
        String study = study(2);
        archive.send(
                study + ".1.1",
                DicomBuilder.file(
                        "1.2.840.10008.1.2.1",
                        new DicomBuilder().add(Attribute.MEDIA_STORAGE_SOP_INSTANCE_UID, "1.2.9.77"),
                        image(study, 1).bare(TransferSyntax.EXPLICIT_LITTLE_ENDIAN)));

        assertThat(refused(localized(study))).containsExactly(study + ".1.1 uid-mismatch");
        assertThat(results(study)).hasSize(3);
    }

    @Test
    void anAnswerWithSeveralFilesIsRefused() {
        String study = study(3);
        byte[] another = file(image("1.2.9.78", 1));
        archive.send(study + ".1.1", another, file(image(study, 1)));
        archive.send(study + ".1.2", file(image(study, 2)), another);

        assertThat(refused(localized(study)))
                .containsExactly(study + ".1.1 not-retrieved", study + ".1.2 not-retrieved");
        assertThat(results(study)).hasSize(3);
        assertThat(archive.study("1.2.9.78")).isEmpty();
    }

    @Test
    void uidsThatAreNoneAreRefusedAndNeverPartOfAnAddress() {
        String study = study(1);
        String good = study + ".1.1";
        archive.list(
                study,
                Stream.of(
                                listed(study, study + ".1", "1.2 3"),
                                listed(study, "x/../../../../admin/delete-all?a=", study + ".1.2"),
                                listed(study, "", study + ".1.3"),
                                listed(study, study + ".1", ""),
                                listed(study, study + ".1", "1.2\\\\1.3"),
                                listed("1.2.9.79", study + ".1", study + ".1.4"),
                                listed(study + " ", study + ".1\\u0000", good + " "),
                                listed(study, study + ".1", good))
                        .collect(Collectors.joining(",", "[", "]")));

        JsonNode job = localized(study);

        assertThat(refused(job))
                .containsExactly(
                        "1.2 3 invalid-uid",
                        study + ".1.2 invalid-uid",
                        study + ".1.3 invalid-uid",
                        " invalid-uid",
                        "1.2\\1.3 invalid-uid",
                        study + ".1.4 uid-mismatch");
        assertThat(job.get("imagesTotal").asInt()).isEqualTo(7);
        assertThat(results(study)).hasSize(3);
        assertThat(archive.requests().stream()
                        .filter(request -> request.startsWith("GET /studies/%s/series".formatted(study))))
                .singleElement()
                .asString()
                .startsWith("GET /studies/%s/series/%s.1/instances/%s ".formatted(study, study, good));
        assertThat(archive.requests()).noneMatch(request -> request.contains("admin"));
    }

    @Test
    void whatIsListedWithoutIdentifiersCostsNothingElse() {
        String study = study(1);
        archive.list(study, "[{},null,%s]".formatted(listed(study, study + ".1", study + ".1.1")));

        assertThat(refused(localized(study))).containsExactly(" invalid-uid");
        assertThat(results(study)).hasSize(3);
    }

    private static String listed(String study, String series, String instance) {
        return """
                {"0020000D":{"vr":"UI","Value":["%s"]},"0020000E":{"vr":"UI","Value":["%s"]},
                 "00080016":{"vr":"UI","Value":["%s"]},"00080018":{"vr":"UI","Value":["%s"]},
                 "00080060":{"vr":"CS","Value":["DX"]}}""".formatted(study, series, DIGITAL_RADIOGRAPH, instance);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void anImageThatThePacsDoesNotGiveCostsThatImage(int status) {
        String study = study(2);
        archive.failNext(request -> request.endsWith("/instances/" + study + ".1.1"), status);

        JsonNode job = localized(study);

        assertThat(refused(job)).containsExactly(study + ".1.1 not-retrieved");
        assertThat(job.get("attempts").asInt()).isEqualTo(1);
        assertThat(results(study)).hasSize(3);
    }

    @Test
    void aFaultForOneImageDoesNotHoldUpTheOthers() {
        String study = study(2);
        archive.failNext(request -> request.endsWith("/instances/" + study + ".1.1"), 500);

        JsonNode job = localized(study);

        assertThat(job.get("attempts").asInt()).isEqualTo(2);
        assertThat(refused(job)).isEmpty();
        assertThat(results(study)).hasSize(6);
        assertThat(archive.requests().stream()
                        .filter(request -> request.startsWith("GET /studies/%s/series".formatted(study)))
                        .map(request -> request.replaceFirst("GET \\S*\\.(\\d) .*", "$1")))
                .containsExactly("1", "2", "1");
    }

    @Test
    void imagesForWhichThePacsFailsEachTimeAreListedWhileTheRestIsDone() {
        String study = study(5);
        for (int i = 1; i <= 4; i++) {
            archive.answer(isFor(study, i), 500, "");
        }
        String id = submit("main", study).get("id").asString();

        JsonNode job = Await.until("an attempt has ended", () -> job(id), found -> !found.get("failure")
                .isNull());

        assertThat(job.get("state").asString()).isIn("QUEUED", "RUNNING");
        assertThat(results(study)).as("of the fifth").hasSize(3);
        JsonNode waiting = Await.until(
                "the attempt's list", () -> job(id), found -> refused(found).size() == 4);
        assertThat(refused(waiting)).allMatch(image -> image.endsWith(" pacs-failed"));
        cancel(id);
    }

    private static Predicate<String> isFor(String study, int image) {
        return request -> request.endsWith("/instances/%s.1.%d".formatted(study, image));
    }

    private static void cancel(String id) {
        http().post("/v1/pacs/jobs/%s/cancel".formatted(id), "application/json", new byte[0]);
    }

    @Test
    void aStudyOfMoreObjectsThanAPageIsLocalizedToItsEnd() {
        String study = study(0);
        addImage(study, 1, "PA");
        addImage(study, 150, "PA");
        archive.intercept(request -> request.equals("GET /studies/%s/instances".formatted(study)), exchange -> {
            Matcher offset = Pattern.compile("offset=(\\d+)")
                    .matcher(exchange.getRequestURI().getQuery());
            int first = offset.find() ? Integer.parseInt(offset.group(1)) : 0;
            byte[] page = IntStream.rangeClosed(first + 1, Math.min(first + 100, 150))
                    .mapToObj(image -> listed(study, study + ".1", study + ".1." + image))
                    .collect(Collectors.joining(",", "[", "]"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            return true;
        });

        JsonNode job = localized(study);

        assertThat(job.get("imagesTotal").asInt()).isEqualTo(150);
        assertThat(job.get("imagesRefused").asInt()).isEqualTo(148);
        assertThat(refused(job)).allMatch(image -> image.endsWith(" not-retrieved"));
        assertThat(results(study)).hasSize(6);
    }

    @Test
    void whatThePacsListsAsFailedIsNotDone() {
        String study = study(1);
        archive.answer(request -> request.equals("POST /studies/" + study), 200, """
                {"00081198":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[42752]}}]}}""");

        JsonNode job = await(submit("main", study).get("id").asString(), "FAILED");

        assertThat(job.get("failure").asString()).contains("failure reason A700");
        assertThat(job.get("objectsStored").asInt()).isZero();
        assertThat(refused(job)).containsExactly(study + ".1.1 pacs-failed");
    }

    @Test
    void anImageThatCannotBeReadIsFetchedUncompressedOnce() {
        String study = study(2);
        byte[] whole = file(image(study, 1).add(Attribute.VIEW_POSITION, "PA"));
        archive.intercept(isFor(study, 1), exchange -> {
            boolean asStored = exchange.getRequestHeaders().getFirst("Accept").endsWith("*");
            byte[] sent = asStored ? Arrays.copyOf(whole, whole.length / 2) : whole;
            exchange.getResponseHeaders().set("Content-Type", "application/dicom");
            exchange.sendResponseHeaders(200, sent.length);
            exchange.getResponseBody().write(sent);
            return true;
        });
        archive.send(study + ".1.2", new byte[] {1, 2, 3});

        JsonNode job = localized(study);

        assertThat(refused(job)).containsExactly(study + ".1.2 unreadable-image");
        assertThat(results(study)).hasSize(3);
        assertThat(archive.requests().stream()
                        .filter(request -> request.startsWith("GET /studies/%s/series".formatted(study)))
                        .map(request -> request.replaceFirst("GET \\S*\\.(\\d) .*transfer-syntax=(\\S+) .*", "$1 $2")))
                .containsExactly("1 *", "1 1.2.840.10008.1.2.1", "2 *", "2 1.2.840.10008.1.2.1");
    }

    @Test
    void aRunThatWasCancelledWhileItFetchedDoesNotStoreBesideTheRetry() throws InterruptedException {
        String study = study(1);
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch retried = new CountDownLatch(1);
        archive.intercept(isFor(study, 1), exchange -> {
            if (fetching.getCount() == 0) {
                return false;
            }
            fetching.countDown();
            awaitUninterrupted(retried);
            return false;
        });
        String id = submit("main", study).get("id").asString();
        fetching.await();
        cancel(id);
        http().post("/v1/pacs/jobs/%s/retry".formatted(id), "application/json", new byte[0]);
        await(id, "SUCCEEDED");

        retried.countDown();

        Await.until("the old run has its image and ends", () -> !isAtWork(id));
        assertThat(archive.requests())
                .filteredOn(request -> request.startsWith("POST /studies/" + study + " "))
                .hasSize(1);
        assertThat(results(study)).hasSize(3);
        assertThat(job(id).get("objectsStored").asInt()).isEqualTo(3);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the jobs library works on a run of the job. */
    private static boolean isAtWork(String id) {
        LocalizeStudy request = new LocalizeStudy(UUID.fromString(id));
        return service
                .getBean(StorageProvider.class)
                .getJobList(StateName.PROCESSING, Paging.AmountBasedList.ascOnUpdatedAt(100))
                .stream()
                .anyMatch(job -> job.getJobDetails().getJobParameterValues()[0].equals(request));
    }

    @Test
    void theSameResultMadeTwiceHasTheSameBytes() {
        String study = study(0);
        archive.add(file(image(study, 1)
                .add(Attribute.VIEW_POSITION, "PA")
                .add(Attribute.CONTENT_DATE, "20170705")
                .add(Attribute.CONTENT_TIME, "101112.5")));
        localized(study);
        Map<String, byte[]> first = archive.remove(study, DIGITAL_RADIOGRAPH);

        localized(study);

        Map<String, byte[]> second = archive.remove(study, DIGITAL_RADIOGRAPH);
        assertThat(first).hasSize(3);
        assertThat(second).containsOnlyKeys(first.keySet());
        second.forEach((uid, bytes) -> assertThat(bytes).isEqualTo(first.get(uid)));
        assertThat(first.values().stream().map(bytes -> DicomFile.read(bytes, 0).dataSet()))
                .filteredOn(object -> object.string(Attribute.CONTENT_DATE).isPresent())
                .hasSize(2)
                .allMatch(
                        object -> object.requiredString(Attribute.CONTENT_DATE).equals("20170705"))
                .allMatch(
                        object -> object.requiredString(Attribute.CONTENT_TIME).equals("101112"));
    }

    @Test
    void resultsOfAnImageWithoutATimeStateThatOfTheirJob() {
        String study = study(1);
        archive.failNext(request -> request.equals("POST /studies/" + study), 409);
        String id = submit("main", study).get("id").asString();
        await(id, "FAILED");
        http().post("/v1/pacs/jobs/%s/retry".formatted(id), "application/json", new byte[0]);
        String created = await(id, "SUCCEEDED").get("created").asString();

        assertThat(archive.study(study))
                .filteredOn(object -> object.string(Attribute.CONTENT_DATE).isPresent())
                .allMatch(object -> created.replaceAll("[^0-9]", "")
                        .startsWith(object.requiredString(Attribute.CONTENT_DATE)
                                + object.requiredString(Attribute.CONTENT_TIME)));
    }

    @Test
    void anImageOfOneGreyValueIsRefused() {
        String study = study(1);
        archive.add(file(image(study, 2).add(Attribute.PIXEL_DATA, new int[1024 * 1024 / 2])));
        int[] withMarker = new int[1024 * 1024 / 2];
        for (int row = 40; row < 140; row++) {
            Arrays.fill(withMarker, row * 512 + 20, row * 512 + 100, 0xffff);
        }
        archive.add(file(image(study, 3).add(Attribute.PIXEL_DATA, withMarker)));

        assertThat(refused(localized(study))).containsExactly(study + ".1.2 blank-image", study + ".1.3 blank-image");
        assertThat(results(study)).hasSize(3);
    }

    @Test
    void anImageThatDoesNotStateAFrontalChestIsRefused() {
        String study = study(1);
        archive.add(file(image(study, 2).without(Attribute.BODY_PART_EXAMINED)));
        archive.add(file(image(study, 3).without(Attribute.VIEW_POSITION)));

        assertThat(refused(localized(study)))
                .containsExactly(study + ".1.2 chest-not-stated", study + ".1.3 frontal-not-stated");
        assertThat(results(study)).hasSize(3);
    }

    @Test
    void aStudyWithoutAFrontalRadiographFailsWithAReason() {
        String study = study(0);
        addImage(study, 1, "LL");

        JsonNode job = await(submit("main", study).get("id").asString(), "FAILED");

        assertThat(job.get("failure").asString()).contains("frontal");
        assertThat(results(study)).isEmpty();
    }

    @Test
    void aStudyThatThePacsDoesNotHaveFailsAtOnce() {
        JsonNode job = await(submit("main", "9.9.9").get("id").asString(), "FAILED");

        assertThat(job.get("failure").asString()).isEqualTo("The PACS has no such study.");
        assertThat(job.get("attempts").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429})
    void aFaultOfThePacsIsTriedAgain(int status) {
        String study = study(1);
        archive.failNext(request -> request.equals("GET /studies/%s/instances".formatted(study)), status);
        archive.failNext(request -> request.equals("POST /studies/" + study), status);

        JsonNode job = localized(study);

        assertThat(job.get("attempts").asInt()).isEqualTo(3);
        assertThat(job.get("failure").isNull()).isTrue();
        assertThat(results(study)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 409})
    void aRefusalOfThePacsIsFinalUntilTheJobIsRetried(int status) {
        String study = study(1);
        archive.failNext(request -> request.equals("POST /studies/" + study), status);
        String id = submit("main", study).get("id").asString();

        JsonNode failed = await(id, "FAILED");
        assertThat(failed.get("failure").asString()).contains(status == 409 ? "did not take all" : "status " + status);
        assertThat(results(study)).isEmpty();

        assertThat(http().post("/v1/pacs/jobs/%s/retry".formatted(id), "application/json", new byte[0])
                        .status())
                .isEqualTo(200);
        await(id, "SUCCEEDED");
        assertThat(results(study)).hasSize(3);
    }

    @Test
    void aPacsThatIsAwayIsWaitedForUntilTheJobIsCancelled() {
        String id = submit("gone", "1.2").get("id").asString();
        JsonNode failed = Await.until(
                "a try has failed", () -> job(id), job -> !job.get("failure").isNull());

        assertThat(failed.get("failure").asString()).startsWith("The PACS cannot be reached");
        assertThat(http().post("/v1/pacs/jobs/%s/cancel".formatted(id), "application/json", new byte[0])
                        .json()
                        .get("state")
                        .asString())
                .isEqualTo("CANCELLED");
        Http.Answer again = http().post("/v1/pacs/jobs/%s/cancel".formatted(id), "application/json", new byte[0]);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().get("type").asString()).endsWith(":pacs-job-ended");
    }

    @Test
    void aJobGoesOnAfterARestart() {
        String study = study(3);
        archive.failNext(request -> request.equals("POST /studies/" + study), 503);
        String id;
        try (ConfigurableApplicationContext first = run("restarted")) {
            id = submit(http(first), "main", study).get("id").asString();
        }

        try (ConfigurableApplicationContext second = run("restarted", true)) {
            await(http(second), id, "SUCCEEDED");
            assertThat(results(study)).hasSize(9);
            whatIsUnsaidIsLocalizedIfConfigured(http(second));
        }
    }

    @Test
    void resultsAreOfTheOperatingPointOfTheirNode(@TempDir Path models) {
        CellsPackage.write(models, new String(Samples.content("fixtures/points-platt.yaml"), StandardCharsets.UTF_8));
        try (ConfigurableApplicationContext service = run(
                "points",
                false,
                "--model.directory=" + models,
                "--model.name=" + CellsPackage.NAME,
                "--pacs.nodes.cautious.base-url=" + archive.baseUrl(),
                "--pacs.nodes.cautious.operating-point=sensitive")) {
            for (String node : List.of("main", "cautious")) {
                String study = study(1);
                await(
                        http(service),
                        submit(http(service), node, study).get("id").asString(),
                        "SUCCEEDED");

                assertThat(comments(study))
                        .contains("Cut-offs: operating point '%s'."
                                .formatted(node.equals("main") ? "specific" : "sensitive"));
            }
        }
    }

    @Test
    void aJobIsOfTheModelThatItsRequestNames(@TempDir Path models) {
        CellsPackage.write(models, "");
        String study = study(1);
        String id;
        try (ConfigurableApplicationContext service =
                run("models", false, "--model.directory=" + models, "--model.others=" + CellsPackage.NAME)) {
            Http http = http(service);
            JsonNode ofTheNode =
                    await(http, submit(http, "main", study).get("id").asString(), "SUCCEEDED");
            JsonNode named = await(
                    http,
                    submit(http, "main", study + "?model=" + CellsPackage.NAME)
                            .get("id")
                            .asString(),
                    "SUCCEEDED");

            assertThat(ofTheNode.get("model").isNull()).isTrue();
            assertThat(named.get("model").asString()).isEqualTo(CellsPackage.NAME);
            assertThat(named.get("objectsStored").asInt()).isEqualTo(3);
            assertThat(results(study)).as("of both models").hasSize(6);

            Http.Answer unknown =
                    http.post("/v1/pacs/main/studies/" + study + "?model=nothing", "application/json", new byte[0]);
            assertThat(unknown.status()).as(unknown.text()).isEqualTo(404);
            assertThat(unknown.json().get("type").asString()).endsWith(":unknown-model");

            id = submit(http, "gone", study + "?model=" + CellsPackage.NAME)
                    .get("id")
                    .asString();
        }
        try (ConfigurableApplicationContext without = run("models")) {
            assertThat(await(http(without), id, "FAILED").get("failure").asString())
                    .contains("No model 'cells' is served");
        }
    }

    /** Of the root of the reports. */
    private static List<String> comments(String study) {
        return archive.study(study).stream()
                .filter(object ->
                        object.requiredString(Attribute.SOP_CLASS_UID).equals("1.2.840.10008.5.1.4.1.1.88.33"))
                .flatMap(report -> report.items(Attribute.CONTENT_SEQUENCE).stream())
                .flatMap(item -> item.text(Attribute.TEXT_VALUE).stream())
                .toList();
    }

    private static void whatIsUnsaidIsLocalizedIfConfigured(Http http) {
        String study = study(0);
        archive.add(file(image(study, 1).without(Attribute.BODY_PART_EXAMINED).without(Attribute.VIEW_POSITION)));

        JsonNode job = await(http, submit(http, "main", study).get("id").asString(), "SUCCEEDED");

        assertThat(refused(job)).isEmpty();
        assertThat(results(study)).hasSize(3);
    }

    @Test
    void theConfiguredCredentialsAreSent() {
        localized(study(1));

        // "cxr:secret" in base 64.
        assertThat(archive.requests()).allMatch(request -> request.endsWith(" Basic Y3hyOnNlY3JldA=="));
    }

    @Test
    void jobsAreListedByState() {
        String id = await(submit("main", "9.9.8").get("id").asString(), "FAILED")
                .get("id")
                .asString();

        JsonNode failed = http().get("/v1/pacs/jobs?state=FAILED").json().get("jobs");

        assertThat(failed)
                .isNotEmpty()
                .allMatch(job -> job.get("state").asString().equals("FAILED"));
        assertThat(failed).anyMatch(job -> job.get("id").asString().equals(id));
        assertThat(failed).allMatch(job -> job.get("refused").isNull());
        assertThat(http().get("/v1/pacs/jobs").json().get("jobs").size()).isGreaterThanOrEqualTo(failed.size());
    }

    @Test
    void jobsAreListedPageByPage() {
        for (int i = 0; i < 5; i++) {
            submit("gone", "1.2.7." + i);
        }

        List<String> listed = new ArrayList<>();
        JsonNode page = http().get("/v1/pacs/jobs?limit=2").json();
        submit("gone", "1.2.7.9"); // which comes before all and moves no page
        while (true) {
            assertThat(page.get("jobs").size()).isBetween(1, 2);
            page.get("jobs").forEach(job -> listed.add(job.get("studyUid").asString()));
            if (page.get("next").isNull()) {
                break;
            }
            page = http().get("/v1/pacs/jobs?limit=2&cursor=" + page.get("next").asString())
                    .json();
        }

        assertThat(listed).doesNotHaveDuplicates().doesNotContain("1.2.7.9");
        assertThat(listed)
                .filteredOn(study -> study.startsWith("1.2.7."))
                .containsExactly("1.2.7.4", "1.2.7.3", "1.2.7.2", "1.2.7.1", "1.2.7.0");
        assertProblem(http().get("/v1/pacs/jobs?limit=0"), 400, "invalid-parameter");
        assertProblem(http().get("/v1/pacs/jobs?limit=101"), 400, "invalid-parameter");
        assertProblem(http().get("/v1/pacs/jobs?cursor=17"), 400, "invalid-parameter");
        assertProblem(http().get("/v1/pacs/jobs?cursor=a_b"), 400, "invalid-parameter");
        assertProblem(http().get("/v1/pacs/jobs?state=ASLEEP"), 400, "invalid-parameter");
    }

    @Test
    void aJobThatHasEndedIsDeleted() {
        String id = submit("gone", "1.2.8").get("id").asString();
        assertProblem(http().delete("/v1/pacs/jobs/" + id), 409, "pacs-job-not-ended");
        cancel(id);

        assertThat(http().delete("/v1/pacs/jobs/" + id).status()).isEqualTo(204);

        assertProblem(http().get("/v1/pacs/jobs/" + id), 404, "unknown-pacs-job");
        assertProblem(http().delete("/v1/pacs/jobs/" + id), 404, "unknown-pacs-job");
    }

    @Test
    void invalidRequestsAreProblems() {
        assertProblem(
                http().post("/v1/pacs/nowhere/studies/1.2", "application/json", new byte[0]), 404, "unknown-pacs-node");
        assertProblem(
                http().post("/v1/pacs/main/studies/1..2", "application/json", new byte[0]), 400, "invalid-parameter");
        assertProblem(
                http().post("/v1/pacs/main/studies/" + "1".repeat(65), "application/json", new byte[0]),
                400,
                "invalid-parameter");
        assertProblem(http().get("/v1/pacs/jobs/" + UUID.randomUUID()), 404, "unknown-pacs-job");
        assertProblem(http().get("/v1/pacs/jobs/17"), 400, "invalid-parameter");
        String id = localized(study(1)).get("id").asString();
        assertProblem(
                http().post("/v1/pacs/jobs/%s/retry".formatted(id), "application/json", new byte[0]),
                409,
                "pacs-job-cannot-be-retried");
    }

    private static void assertProblem(Http.Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().get("type").asString()).endsWith(":" + type);
    }

    @Test
    void requestsToThePacsAreMeasuredWithoutIdentifiers() {
        String study = study(1);
        localized(study);

        String metrics = http().get("/actuator/prometheus").text();

        assertThat(metrics)
                .contains("cxr_pacs_requests_seconds_count{node=\"main\",operation=\"store\",status=\"200\"}");
        assertThat(metrics).contains("cxr_pacs_jobs_total{node=\"main\",outcome=\"succeeded\"}");
        assertThat(metrics).contains("cxr_pacs_jobs_open ", "cxr_evaluations_waiting_images ");
        assertThat(metrics).doesNotContain(study);
    }
}
