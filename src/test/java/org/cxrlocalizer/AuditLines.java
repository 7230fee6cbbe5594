// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The lines of the audit log since its creation, which comes after the start of the service: that removes appenders. A line is
 * written after its answer was sent, so that a test waits for it.
 */
public final class AuditLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger("audit");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    public AuditLines() {
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent line) {
        lines.add(line.getFormattedMessage());
    }

    /** Returns all lines, once there are so many. */
    public List<String> atLeast(int count) {
        return Await.until(
                "%d lines of the audit log".formatted(count), () -> List.copyOf(lines), found -> found.size() >= count);
    }

    /** Returns the first line that has all of these words, once there is one: other tests write lines at the same time. */
    public String with(String... words) {
        return Await.until(
                        "a line of the audit log with " + List.of(words),
                        () -> lines.stream()
                                .filter(line -> Stream.of(words).allMatch(line::contains))
                                .toList(),
                        found -> !found.isEmpty())
                .get(0);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
    }
}
