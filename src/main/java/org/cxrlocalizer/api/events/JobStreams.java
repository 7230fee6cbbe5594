// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.events;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams the states of jobs as Server-Sent Events (HTML standard, section 9.2). Each stream reads the state from
 * where the jobs' own answers come, so that each node can stream each job. Streams end before the web server stops, which would
 * wait for them.
 */
@Component
public final class JobStreams implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(JobStreams.class);

    private static final String PROGRESS = "progress";
    private static final String END = "end";
    private static final String GONE = "gone";

    /** A client that takes nothing holds one of them until its connection's time-out. */
    private static final int THREADS = 4;

    private static final long RECONNECT_MILLIS = 3000;
    private static final long NO_TIMEOUT = 0;

    private final EventProperties properties;
    private final Semaphore places;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledThreadPoolExecutor scheduler;

    JobStreams(EventProperties properties) {
        this.properties = properties;
        places = new Semaphore(properties.maxStreams());
    }

    /**
     * Opens a stream. Its first event is the present state; an event {@code progress} follows each change, and an event
     * {@code end} is the last one. An event {@code gone} is the last one of a job that was deleted.
     *
     * @param method HEAD is answered without a stream, which would write nothing and so never find that its client left
     * @param state empty once the job is deleted
     * @throws TooManyStreamsException if no more are allowed
     */
    public ResponseEntity<SseEmitter> open(HttpMethod method, Supplier<Optional<JobSnapshot>> state) {
        ScheduledThreadPoolExecutor running = running();
        SseEmitter emitter = new SseEmitter(NO_TIMEOUT);
        if (method.equals(HttpMethod.HEAD) || running == null) {
            emitter.complete(); // if the node stops, a client connects again, to another one
        } else if (!places.tryAcquire()) {
            throw new TooManyStreamsException(properties.maxStreams());
        } else {
            new Stream(emitter, state).start(running);
        }
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                // The connection has no further request: it was busy for long, and ends with the stream.
                .header(HttpHeaders.CONNECTION, "close")
                .header("X-Accel-Buffering", "no")
                .body(emitter);
    }

    private synchronized @Nullable ScheduledThreadPoolExecutor running() {
        return scheduler;
    }

    @Override
    public synchronized void start() {
        ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "events");
            thread.setDaemon(true);
            return thread;
        });
        threads.setRemoveOnCancelPolicy(true);
        scheduler = threads;
    }

    @Override
    public synchronized void stop() {
        if (scheduler != null) {
            scheduler.shutdownNow();
            scheduler = null;
        }
        streams.forEach(Stream::complete);
    }

    @Override
    public boolean isRunning() {
        return running() != null;
    }

    /** One client and one job. */
    private final class Stream {

        private final SseEmitter emitter;
        private final Supplier<Optional<JobSnapshot>> state;
        private final long opened = System.nanoTime();
        private final AtomicBoolean isReleased = new AtomicBoolean();
        private volatile @Nullable Future<?> looks;

        // Of the thread that looks.
        private @Nullable Object sent;
        private long sentAt = opened;

        Stream(SseEmitter emitter, Supplier<Optional<JobSnapshot>> state) {
            this.emitter = emitter;
            this.state = state;
        }

        void start(ScheduledThreadPoolExecutor threads) {
            streams.add(this);
            emitter.onCompletion(this::release);
            emitter.onTimeout(this::release);
            emitter.onError(e -> release());
            try {
                long interval = properties.interval().toMillis();
                looks = threads.scheduleWithFixedDelay(this::look, 0, interval, TimeUnit.MILLISECONDS);
            } catch (RuntimeException e) {
                complete(); // the node stops
            }
            if (isReleased.get()) {
                cancel();
            }
        }

        private void look() {
            try {
                if (has(properties.maxDuration(), opened)) {
                    complete();
                } else {
                    send();
                }
            } catch (IOException | RuntimeException e) {
                LOG.debug("A stream of events ended", e); // its client is gone, as a rule
                release();
                emitter.completeWithError(e);
            }
        }

        private void send() throws IOException {
            Optional<JobSnapshot> found;
            try {
                found = state.get();
            } catch (RuntimeException e) {
                LOG.debug("The state of a job cannot be read", e); // the database may be back at the next look
                beat();
                return;
            }
            if (found.isEmpty()) {
                send(SseEmitter.event().name(GONE).data("{}"));
                complete();
                return;
            }
            JobSnapshot now = found.get();
            if (now.isFinal()) {
                send(SseEmitter.event().name(END).data(now.answer(), MediaType.APPLICATION_JSON));
                complete();
            } else if (!now.answer().equals(sent)) {
                SseEmitter.SseEventBuilder event =
                        SseEmitter.event().name(PROGRESS).data(now.answer(), MediaType.APPLICATION_JSON);
                send(sent == null ? event.reconnectTime(RECONNECT_MILLIS) : event);
                sent = now.answer();
            } else {
                beat();
            }
        }

        private void beat() throws IOException {
            if (has(properties.heartbeat(), sentAt)) {
                send(SseEmitter.event().comment("still there"));
            }
        }

        private void send(SseEmitter.SseEventBuilder event) throws IOException {
            emitter.send(event);
            sentAt = System.nanoTime();
        }

        private static boolean has(Duration duration, long since) {
            return System.nanoTime() - since >= duration.toNanos();
        }

        void complete() {
            release();
            emitter.complete();
        }

        private void release() {
            if (isReleased.compareAndSet(false, true)) {
                streams.remove(this);
                places.release();
            }
            cancel();
        }

        /** Without an interrupt: this may be the thread that looks. */
        private void cancel() {
            Future<?> started = looks;
            if (started != null) {
                started.cancel(false);
            }
        }
    }
}
