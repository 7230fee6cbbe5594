// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;

/** Without a mode of security, the port of the API and that of the management bind loopback only. */
final class BindingRules {

    private static final String MANAGEMENT_ADDRESS = "management.server.address";

    private BindingRules() {}

    /** @throws UnprotectedServiceException if no mode is set and another address would be bound */
    static void check(SecurityProperties properties, ServerProperties server, Environment environment) {
        if (properties.mode() == null) {
            requireLoopback("server.address", server.getAddress());
            if (hasManagementPort(environment)) {
                requireLoopback(MANAGEMENT_ADDRESS, environment.getProperty(MANAGEMENT_ADDRESS, InetAddress.class));
            }
        }
    }

    /** Whether health and metrics have a port of their own. */
    static boolean hasManagementPort(Environment environment) {
        return ManagementPortType.get(environment) == ManagementPortType.DIFFERENT;
    }

    private static void requireLoopback(String setting, @Nullable InetAddress address) {
        if (address == null || !address.isLoopbackAddress()) {
            throw UnprotectedServiceException.bound(setting, address);
        }
    }
}
