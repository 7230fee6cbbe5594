// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Primary;

/** A clock that stands still until a test sets it forward. */
public final class TestClock extends Clock {

    /** Puts one in place of the service's clock. */
    @TestConfiguration(proxyBeanMethods = false)
    public static class Bean {

        @org.springframework.context.annotation.Bean
        @Primary
        TestClock testClock() {
            return new TestClock();
        }
    }

    private volatile Instant now = Instant.now();

    public void advance(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("tests are in UTC");
    }
}
