// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Redirects of one request (RFC 9110, section 15.4), followed on the configured host and port only: no other gets credentials, or
 * what is known of patients.
 */
final class Redirects {

    private static final int MOST = 5;

    /** That keep the method; browsers alone turn 301 and 302 into GET. */
    private static final Set<Integer> SAME_METHOD = Set.of(301, 302, 307, 308);

    private static final int SEE_OTHER = 303;

    private final URI base;
    private int followed;

    Redirects(URI base) {
        this.base = base;
    }

    /**
     * Where to send the request again.
     *
     * @return null if the answer is no redirect that can be followed
     * @throws PacsException if it leads to another host, or there are too many
     */
    @Nullable
    URI next(URI address, int status, HttpHeaders headers, boolean hasContent) {
        String location = headers.firstValue("Location").orElse("");
        if (location.isEmpty() || !(SAME_METHOD.contains(status) || (status == SEE_OTHER && !hasContent))) {
            return null;
        }
        URI next;
        try {
            next = address.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new PacsException("The PACS answered with a redirect to an invalid address.", false);
        }
        if (!isConfiguredHost(next)) {
            throw new PacsException("The PACS answered with a redirect to another host, which is not followed.", false);
        }
        if (++followed > MOST) {
            throw new PacsException("The PACS answered with more than %d redirects.".formatted(MOST), false);
        }
        return next;
    }

    /** The change from HTTP to HTTPS on their usual ports is no other host. */
    private boolean isConfiguredHost(URI next) {
        if (next.getUserInfo() != null
                || next.getHost() == null
                || !next.getHost().equalsIgnoreCase(base.getHost())) {
            return false;
        }
        boolean sameScheme = base.getScheme().equalsIgnoreCase(next.getScheme());
        boolean becomesSecure = "http".equalsIgnoreCase(base.getScheme())
                && "https".equalsIgnoreCase(next.getScheme())
                && port(base) == 80
                && port(next) == 443;
        return (sameScheme && port(next) == port(base)) || becomesSecure;
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }
}
