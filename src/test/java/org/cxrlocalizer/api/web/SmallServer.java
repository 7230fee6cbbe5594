// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;

/**
 * The service's web server with a few threads and short limits, and without the service: {@code /refuses} answers 401 and reads
 * nothing, {@code /ignores} answers 200 and reads nothing, {@code /reads} answers the length of the body, {@code /writes} answers
 * more than any buffer holds.
 */
final class SmallServer implements AutoCloseable {

    static final int THREADS = 4;
    static final int LARGE = 200_000_000;

    private final WebServer server;

    SmallServer(Duration headTimeout, @Nullable SslBundle keys) {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
        if (keys != null) {
            factory.setSsl(Ssl.forBundle("keys"));
            factory.setSslBundles(new DefaultSslBundleRegistry("keys", keys));
        }
        factory.addConnectorCustomizers(connector -> {
            connector.setProperty("maxThreads", String.valueOf(THREADS));
            connector.setProperty("connectionTimeout", "20000");
            connector.setProperty("maxSwallowSize", "0");
        });
        ConnectionConfiguration.bound(factory, new ConnectionProperties(headTimeout, Duration.ofSeconds(1)), false);
        server = factory.getWebServer(context -> {
            context.addServlet("refuses", new Answering(HttpServletResponse.SC_UNAUTHORIZED))
                    .addMapping("/refuses");
            context.addServlet("ignores", new Answering(HttpServletResponse.SC_OK))
                    .addMapping("/ignores");
            context.addServlet("reads", new Reading()).addMapping("/reads");
            context.addServlet("writes", new Writing()).addMapping("/writes");
        });
        server.start();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.stop();
        server.destroy();
    }

    /** Started where few files may be opened; prints its port, and ends with its standard input. */
    public static void main(String[] args) throws IOException {
        try (SmallServer server = new SmallServer(Duration.ofSeconds(Long.parseLong(args[0])), null)) {
            System.out.println(server.port());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static final class Answering extends HttpServlet {

        private static final long serialVersionUID = 1;

        private final int status;

        Answering(int status) {
            this.status = status;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setStatus(status);
            response.getOutputStream().write("the answer".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static final class Reading extends HttpServlet {

        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            long length = request.getInputStream().transferTo(OutputStream.nullOutputStream());
            response.getOutputStream().write(String.valueOf(length).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static final class Writing extends HttpServlet {

        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentLength(LARGE);
            response.getOutputStream().write(new byte[LARGE]);
        }
    }
}
