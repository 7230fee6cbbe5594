// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Clock;
import java.util.UUID;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.pacs.dicomweb.StudyInstance;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What one image of a study costs the others, in our table. */
class StudyProgressTest {

    private final UUID job = UUID.randomUUID();
    private final PacsJobStore.Run run = new PacsJobStore.Run(job, UUID.randomUUID());
    private PacsJobStore store;

    @BeforeEach
    void begin() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(job));
        Flyway.configure().dataSource(database).load().migrate();
        store = new PacsJobStore(JdbcClient.create(database), Clock.systemUTC());
        store.add(run, "main", "1.2.3", null);
        store.start(run);
    }

    private StudyProgress attempt(int total, boolean last) {
        return new StudyProgress(store, run, total, last);
    }

    private static StudyInstance image(int number) {
        return new StudyInstance("1.2.3", "1.2.3.1", "", "1.2.3.1." + number, "DX");
    }

    private static RefusedImageException lateral() {
        return new RefusedImageException("view", "It is a lateral view.");
    }

    private PacsJob job() {
        return store.find(job).orElseThrow();
    }

    @Test
    void refusedImagesAreListedInTheirOrderUntilTheNextAttempt() {
        StudyProgress attempt = attempt(3, false);
        attempt.refused(image(1), lateral());
        attempt.goesOn();
        attempt.stored(3);
        attempt.goesOn();
        attempt.refused(image(3), new RefusedImageException(RefusalReason.BLANK_IMAGE, "Blank."));
        attempt.end();

        assertThat(job().refused())
                .containsExactly(
                        new RefusedImage("1.2.3.1.1", "view", "It is a lateral view."),
                        new RefusedImage("1.2.3.1.3", "blank-image", "Blank."));
        assertThat(job().imagesDone()).isEqualTo(3);
        assertThat(job().imagesRefused()).isEqualTo(2);
        assertThat(job().objectsStored()).isEqualTo(3);

        store.start(run);
        assertThat(job().refused()).isEmpty();
    }

    @Test
    void aFailureOfOneImageIsThrownAfterTheOthersAreDone() {
        StudyProgress attempt = attempt(2, false);
        attempt.failed(image(1), new IllegalStateException("passes"));
        assertThat(attempt.goesOn()).isTrue();
        attempt.stored(3);

        assertThatIllegalStateException().isThrownBy(attempt::end).withMessage("passes");
        assertThat(job().imagesDone()).isEqualTo(1);
        assertThat(job().imagesRefused()).isZero();
        assertThat(job().refused())
                .as("what a further attempt comes back to")
                .containsExactly(
                        new RefusedImage("1.2.3.1.1", "failed", "The service failed (IllegalStateException)."));
    }

    @Test
    void inTheLastAttemptAnImageThatFailsIsRefused() {
        StudyProgress attempt = attempt(2, true);
        attempt.failed(image(1), new IllegalStateException("with a name in it"));
        attempt.stored(3);
        attempt.end();

        assertThat(job().refused())
                .containsExactly(
                        new RefusedImage("1.2.3.1.1", "failed", "The service failed (IllegalStateException)."));
    }

    @Test
    void ifAllImagesFailTheJobDoes() {
        StudyProgress attempt = attempt(1, true);
        attempt.failed(image(1), new IllegalStateException("each time"));

        assertThatIllegalStateException().isThrownBy(attempt::end).withMessage("each time");
    }

    @Test
    void anAttemptEndsWithTheThirdFailureOnEnd() {
        StudyProgress attempt = attempt(9, false);
        IllegalStateException failure = new IllegalStateException("the PACS is away");
        attempt.failed(image(1), failure);
        attempt.failed(image(2), failure);
        attempt.stored(3);
        attempt.failed(image(4), failure);
        attempt.failed(image(5), failure);

        assertThatIllegalStateException().isThrownBy(() -> attempt.failed(image(6), failure));
    }

    @Test
    void ifAllImagesAreRefusedTheJobFailsWithTheReasons() {
        StudyProgress attempt = attempt(2, false);
        attempt.refused(image(1), lateral());
        attempt.refused(image(2), lateral());

        assertThatExceptionOfType(PermanentFailureException.class)
                .isThrownBy(attempt::end)
                .withMessageContaining("2 of 2 images were refused (view)");
    }

    @Test
    void aListOfNonsenseIsNotKeptWhole() {
        StudyProgress attempt = attempt(1200, false);
        for (int i = 0; i < 1200; i++) {
            attempt.refused(
                    new StudyInstance("", "", "", "\0x\u00e9".repeat(50), ""),
                    new RefusedImageException(RefusalReason.INVALID_UID, "None."));
        }
        attempt.goesOn();

        assertThat(job().imagesRefused()).isEqualTo(1200);
        assertThat(job().refused()).hasSize(1000).allMatch(image -> image.sopInstanceUid()
                .equals("?x?".repeat(22).substring(0, 64)));
    }

    @Test
    void aRunBeforeTheJobsOwnChangesNothing() {
        StudyProgress old = attempt(2, false);
        store.end(job, JobState.CANCELLED, null);
        PacsJobStore.Run retry = new PacsJobStore.Run(job, UUID.randomUUID());
        store.reopen(retry);
        store.start(retry);

        old.refused(image(1), lateral());
        assertThat(old.goesOn()).isFalse();
        assertThat(store.isCurrent(run)).isFalse();
        assertThat(store.start(run)).isFalse();
        assertThat(store.succeed(run)).isFalse();
        assertThat(store.fail(run, "too late")).isFalse();
        store.interrupted(run, "too late");

        assertThat(store.isCurrent(retry)).isTrue();
        assertThat(job())
                .returns(JobState.RUNNING, PacsJob::state)
                .returns(0, PacsJob::imagesRefused)
                .returns(2, PacsJob::attempts);
        assertThat(job().refused()).isEmpty();
    }

    @Test
    void anotherRunMayHaveRefusedTheSameImage() {
        attempt(2, false).refused(image(1), lateral());
        attempt(2, false).refused(image(1), lateral());

        assertThat(job().refused()).hasSize(1);
    }

    @Test
    void nothingIsAddedToAJobThatHasEnded() {
        store.end(job, JobState.CANCELLED, null);
        attempt(2, false).refused(image(1), lateral());

        assertThat(job().refused()).isEmpty();
    }
}
