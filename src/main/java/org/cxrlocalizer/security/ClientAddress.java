// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/**
 * Where a request comes from: its connection, or what the configured proxies state of theirs. What others write into the header
 * is ignored.
 */
final class ClientAddress {

    private static final String HEADER = "X-Forwarded-For";

    private final List<IpAddressMatcher> proxies;

    /** @param proxies addresses, or ranges as {@code 10.0.0.0/8} */
    ClientAddress(List<String> proxies) {
        this.proxies = proxies.stream().map(IpAddressMatcher::new).toList();
    }

    /** The last address that no configured proxy has, without what would break a line. */
    String of(HttpServletRequest request) {
        String address = request.getRemoteAddr();
        List<String> forwarded = Collections.list(request.getHeaders(HEADER)).stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .map(String::strip)
                .toList();
        for (int i = forwarded.size() - 1; i >= 0 && isProxy(address); i--) {
            address = forwarded.get(i);
        }
        String safe = address.replaceAll("[^0-9A-Za-z.:%_-]", "_");
        return safe.substring(0, Math.min(safe.length(), 64));
    }

    private boolean isProxy(String address) {
        return proxies.stream().anyMatch(proxy -> matches(proxy, address));
    }

    private static boolean matches(IpAddressMatcher proxy, String address) {
        try {
            return proxy.matches(address);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
