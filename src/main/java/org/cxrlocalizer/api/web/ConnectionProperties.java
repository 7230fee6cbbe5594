// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Time limits of connections.
 *
 * @param headTimeout time from the first byte of a request (of a new connection: from its start, a TLS handshake included) to the
 *     end of its head
 * @param transferAllowance time that a body, or an answer, may keep a thread waiting, beside 1 s for each 16 kB of it
 */
@Validated
@ConfigurationProperties("connections")
public record ConnectionProperties(
        @DefaultValue("10s") @NotNull @DurationMin(millis = 100)
        Duration headTimeout,

        @DefaultValue("20s") @NotNull @DurationMin(millis = 100)
        Duration transferAllowance) {}
