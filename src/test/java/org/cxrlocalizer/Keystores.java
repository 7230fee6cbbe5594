// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;

/** Keys, certificates, and who trusts whom, made by the JDK's keytool. */
public record Keystores(Path folder) {

    public static final String PASSWORD = "changeit";

    /** A key of that name, whose certificate is for this machine. */
    public void makeKey(String name) throws IOException, InterruptedException {
        keytool("-genkeypair -keyalg EC -ext san=ip:127.0.0.1 -dname CN=%s -alias %s".formatted(name, name), name);
        keytool("-exportcert -alias %s -file %s".formatted(name, certificate(name)), name);
    }

    /** A store that trusts a key's certificate, named after who does. */
    public void trust(String who, String whom) throws IOException, InterruptedException {
        keytool("-importcert -noprompt -alias %s -file %s".formatted(whom, certificate(whom)), trusts(who));
    }

    private Path certificate(String name) {
        return folder.resolve(name + ".cer");
    }

    public static String trusts(String who) {
        return who + "-trusts";
    }

    private void keytool(String arguments, String store) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("-storepass", PASSWORD, "-keystore", store(store)));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    public String store(String name) {
        return folder.resolve(name + ".p12").toString();
    }

    /** With a key of one's own or none, and what somebody trusts. */
    public SslBundle bundle(@Nullable String key, String who) {
        return SslBundle.of(new JksSslStoreBundle(key == null ? null : details(key), details(trusts(who))));
    }

    private JksSslStoreDetails details(String name) {
        return JksSslStoreDetails.forLocation(store(name)).withPassword(PASSWORD);
    }
}
