// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class ClientAddressTest {

    private final ClientAddress addresses = new ClientAddress(List.of("192.0.2.1", "10.0.0.0/8", "2001:db8::/32"));

    private static MockHttpServletRequest request(String remote, String... forwarded) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(remote);
        for (String header : forwarded) {
            request.addHeader("X-Forwarded-For", header);
        }
        return request;
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,   203.0.113.7,                      203.0.113.7",
        "192.0.2.1,   '198.51.100.1, 203.0.113.7',      203.0.113.7",
        "192.0.2.1,   '203.0.113.7, 10.1.2.3',          203.0.113.7",
        "2001:db8::5, 2001:4860::1,                     2001:4860::1",
        "10.9.9.9,    '10.1.2.3',                       10.1.2.3",
        "192.0.2.1,   'not an address\r\nwho=admin',    not_an_address__who_admin"
    })
    void proxiesForwardTheClientsAddress(String remote, String forwarded, String client) {
        assertThat(addresses.of(request(remote, forwarded))).isEqualTo(client);
    }

    @Test
    void headersOfOthersArePassedOver() {
        assertThat(addresses.of(request("203.0.113.9", "192.0.2.1"))).isEqualTo("203.0.113.9");
        assertThat(addresses.of(request("192.0.2.1", "127.0.0.1", "203.0.113.9")))
                .isEqualTo("203.0.113.9");
        assertThat(new ClientAddress(List.of()).of(request("127.0.0.1", "203.0.113.9")))
                .isEqualTo("127.0.0.1");
        assertThat(addresses.of(request("192.0.2.1"))).isEqualTo("192.0.2.1");
    }
}
