// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The hosts by which a service without authentication is reached: loopback, the address that the connection came to, and
 * configured names. An attacker's page has a name of its own.
 */
final class LocalHosts {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final Set<String> configured;

    LocalHosts(List<String> configured) {
        this.configured = configured.stream().map(LocalHosts::normalized).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param host of a request, without a port
     * @param local the address that the request's connection came to
     */
    boolean contains(String host, @Nullable String local) {
        String name = normalized(host);
        if (name.equals("localhost") || name.endsWith(".localhost") || configured.contains(name)) {
            return true;
        }
        InetAddress address = address(name);
        return address != null
                && (address.isLoopbackAddress() || (local != null && address.equals(address(normalized(local)))));
    }

    private static String normalized(String host) {
        String name = host.strip().toLowerCase(Locale.ROOT);
        if (name.startsWith("[") && name.endsWith("]")) {
            return name.substring(1, name.length() - 1);
        }
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** Returns the address of a literal; no name is looked up. */
    private static @Nullable InetAddress address(String host) {
        if (!IPV4.matcher(host).matches() && host.indexOf(':') < 0) {
            return null;
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
