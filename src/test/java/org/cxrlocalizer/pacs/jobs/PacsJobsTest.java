// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.cxrlocalizer.dicom.documents.PictureFormat;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.model.OperatingPoint;
import org.cxrlocalizer.pacs.PacsProperties;
import org.cxrlocalizer.pacs.dicomweb.PacsNodes;
import org.cxrlocalizer.radiograph.RadiographProperties;
import org.cxrlocalizer.radiograph.dicom.DicomVoi;
import org.cxrlocalizer.results.ResultKind;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.jobrunr.jobs.Job;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.InMemoryStorageProvider;
import org.jobrunr.storage.StorageException;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/** Studies between our table and the jobs library. */
class PacsJobsTest {

    private static final String STUDY = "1.2.3";

    private final FailingJobs library = new FailingJobs();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private PacsJobStore store;
    private PacsJobs jobs;

    /** The jobs library, with a database that may be away. */
    private static final class FailingJobs extends InMemoryStorageProvider {

        private boolean isAway;

        FailingJobs() {
            setJobMapper(new JobMapper(new Jackson3JsonMapper()));
        }

        @Override
        public Job save(Job job) {
            if (isAway) {
                throw new StorageException("the database is away");
            }
            return super.save(job);
        }

        long enqueued() {
            return countJobs(StateName.ENQUEUED);
        }
    }

    @BeforeEach
    void begin() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()));
        Flyway.configure().dataSource(database).load().migrate();
        store = new PacsJobStore(JdbcClient.create(database), Clock.systemUTC());
        jobs = new PacsJobs(store, nodes(), new JobRequestScheduler(library), library, meters);
    }

    private static PacsNodes nodes() {
        PacsProperties.Node node = new PacsProperties.Node(
                URI.create("http://127.0.0.1:1"),
                null,
                null,
                null,
                null,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                PictureFormat.UNCOMPRESSED,
                null,
                null);
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(
                    PacsProperties.class,
                    () -> new PacsProperties(
                            Map.of("main", node),
                            Set.of(ResultKind.STRUCTURED_REPORT),
                            false,
                            OperatingPoint.SPECIFIC,
                            null));
            context.registerBean(
                    RadiographProperties.class,
                    () -> new RadiographProperties(DataSize.ofMegabytes(1), 1000, DicomVoi.FIRST));
            context.registerBean(SslBundles.class, DefaultSslBundleRegistry::new);
            context.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
            context.registerBean(PacsNodes.class);
            context.refresh();
            return context.getBean(PacsNodes.class);
        }
    }

    @Test
    void aStudyThatCouldNotBeEnqueuedIsEnqueuedOnceTheDatabaseIsBack() {
        library.isAway = true;
        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> jobs.submit("main", STUDY, null));

        library.isAway = false;
        PacsJob job = jobs.submit("main", STUDY, null);
        assertThat(job.state()).isEqualTo(JobState.QUEUED);
        assertThat(library.enqueued()).isZero();

        jobs.goOn();
        jobs.goOn();
        assertThat(library.enqueued()).isOne();
        assertThat(store.open()).hasSize(1);
    }

    @Test
    void aRetryThatCouldNotBeEnqueuedIsEnqueuedOnceTheDatabaseIsBack() {
        UUID id = jobs.submit("main", STUDY, null).id();
        jobs.cancel(id);
        library.isAway = true;
        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> jobs.retry(id));

        library.isAway = false;
        jobs.goOn();
        assertThat(library.enqueued())
                .as("the first, which will find it done, and the retry")
                .isEqualTo(2);
    }

    @Test
    void aStudyThatTheLibraryGaveUpEndsAndCanBeRetried() {
        UUID id = jobs.submit("main", STUDY, null).id();
        Job job = library.getJobById(store.open().get(0).run());
        library.save(job.failed("its node ended, again", new IllegalStateException()));

        jobs.goOn();

        assertThat(jobs.find(id).orElseThrow())
                .extracting(PacsJob::state, PacsJob::failure)
                .satisfies(found -> assertThat(found.get(0)).isEqualTo(JobState.FAILED))
                .satisfies(found -> assertThat(found.get(1)).asString().contains("can be retried"));
        assertThat(meters.counter("cxr.pacs.jobs", "node", "main", "outcome", "failed")
                        .count())
                .isOne();
        PacsJobStore.Run first = new PacsJobStore.Run(id, job.getId());
        assertThat(jobs.retry(id)).isTrue();
        assertThat(library.enqueued()).isOne();
        assertThat(store.fail(first, "too late")).as("of the run before").isFalse();
    }

    @Test
    void aStudyHasOneOpenJobForEachModel() {
        PacsJob ofTheNode = jobs.submit("main", STUDY, null);
        PacsJob named = jobs.submit("main", STUDY, "other");

        assertThat(named.model()).isEqualTo("other");
        assertThat(named.id()).isNotEqualTo(ofTheNode.id());
        assertThat(jobs.submit("main", STUDY, "other").id()).isEqualTo(named.id());
        assertThat(jobs.submit("main", STUDY, null).id()).isEqualTo(ofTheNode.id());

        jobs.cancel(named.id());
        UUID next = jobs.submit("main", STUDY, "other").id();
        assertThat(jobs.retry(named.id())).as("another one is open").isFalse();
        jobs.cancel(next);
        assertThat(jobs.retry(named.id())).isTrue();
        assertThat(jobs.submit("main", STUDY, "other").id()).isEqualTo(named.id());
    }

    @Test
    void jobsThatEndedLongAgoAreDeletedIfConfigured() {
        UUID ended = jobs.submit("main", STUDY, null).id();
        jobs.cancel(ended);
        UUID open = jobs.submit("main", STUDY, null).id();
        Instant now = Instant.now();

        retention(null, now.plus(Duration.ofDays(1000))).retire();
        assertThat(jobs.find(ended)).as("by default").isPresent();
        retention(Duration.ofDays(30), now.plus(Duration.ofDays(29))).retire();
        assertThat(jobs.find(ended)).as("not yet").isPresent();

        retention(Duration.ofDays(30), now.plus(Duration.ofDays(31))).retire();

        assertThat(jobs.find(ended)).isEmpty();
        assertThat(jobs.find(open)).isPresent();
    }

    private PacsJobRetention retention(@Nullable Duration keepFor, Instant now) {
        return new PacsJobRetention(
                store,
                new PacsProperties(
                        Map.of(), Set.of(ResultKind.STRUCTURED_REPORT), false, OperatingPoint.SPECIFIC, keepFor),
                Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void whatIsInTheLibrarysHandsIsLeftThere() {
        jobs.submit("main", STUDY, null);
        jobs.goOn();
        assertThat(library.enqueued()).isOne();
    }
}
