// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import org.apache.catalina.connector.Connector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** Bounds the connections of the API's port and, in that port's own context, of a management port. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ConnectionConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionConfiguration.class);

    /** Most connections of a management port, for probes and scrapes. */
    private static final int PROBES = 64;

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> boundedConnections(
            ConnectionProperties limits, ApplicationContext context) {
        return factory -> bound(factory, limits, context.getParent() != null);
    }

    static void bound(TomcatServletWebServerFactory factory, ConnectionProperties limits, boolean isForProbes) {
        factory.setProtocol(BoundedHttp11Protocol.class.getName());
        factory.addConnectorCustomizers(connector -> {
            BoundedHttp11Protocol protocol = (BoundedHttp11Protocol) connector.getProtocolHandler();
            protocol.setLimits(limits);
            protocol.setMaxConnections(connections(protocol.getMaxConnections(), isForProbes));
            awaitBodiesUntilRead(connector);
        });
    }

    /** A client that waits with its body (Expect: 100-continue) sends it when something reads it, and not before. */
    private static void awaitBodiesUntilRead(Connector connector) {
        connector.setProperty("continueResponseTiming", "onRead");
    }

    private static int connections(int configured, boolean isForProbes) {
        int most = DescriptorLimit.connections(configured);
        if (isForProbes) {
            return Math.min(most, PROBES);
        }
        if (most < configured) {
            LOG.info(
                    "At most {} connections instead of {}: the process may not open more files (ulimit -n)",
                    most,
                    configured);
        }
        return most;
    }
}
