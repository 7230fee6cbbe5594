// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.webhook;

/** The headers of a webhook: those of Standard Webhooks 1.0, and what ended. */
public final class WebhookHeaders {

    /** The same for all attempts of one delivery. */
    public static final String ID = "webhook-id";

    /** Seconds since 1970, of the attempt. */
    public static final String TIMESTAMP = "webhook-timestamp";

    /** {@code v1,} and the base64 of the HMAC-SHA256 of id, timestamp and body, with dots between. */
    public static final String SIGNATURE = "webhook-signature";

    /** What ended. */
    public static final String EVENT = "cxr-event";

    private WebhookHeaders() {}
}
