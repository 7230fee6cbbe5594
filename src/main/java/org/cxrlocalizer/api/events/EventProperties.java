// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.events;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Streams of events.
 *
 * @param interval how often the state of a job is read for each stream
 * @param heartbeat time without an event after which a comment is sent, so that proxies and clients keep the connection, and a
 *     client that left is found
 * @param maxDuration time after which a stream ends, whatever its job does
 * @param maxStreams most streams that are open on a node at a time
 */
@Validated
@ConfigurationProperties("events")
record EventProperties(
        @DefaultValue("1s") @NotNull @DurationMin(millis = 100)
        Duration interval,

        @DefaultValue("15s") @NotNull @DurationMin(millis = 100)
        Duration heartbeat,

        @DefaultValue("1h") @NotNull @DurationMin(seconds = 1)
        Duration maxDuration,

        @DefaultValue("64") @Min(1) int maxStreams) {}
