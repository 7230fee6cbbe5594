// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.ServiceProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadDirectoryTest {

    @TempDir
    Path folder;

    private Path temporary() throws IOException {
        return Files.createDirectories(folder.resolve("tmp"));
    }

    @Test
    void itIsItsOwnersAloneAndGoesWithTheService() throws IOException {
        Path path;
        try (UploadDirectory uploads = UploadDirectory.create(folder)) {
            path = uploads.path();
            assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            Files.writeString(path.resolve("upload_1.tmp"), "a patient");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void whatOthersHaveStays() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.createFile(elsewhere.resolve(".lock"));
        Path link = Files.createSymbolicLink(folder.resolve("cxr-localizer-uploads-link"), elsewhere);
        Path noLock = Files.createDirectories(folder.resolve("cxr-localizer-uploads-unlocked"));

        try (UploadDirectory live = UploadDirectory.create(folder);
                UploadDirectory second = UploadDirectory.create(folder)) {
            assertThat(live.path()).exists().isNotEqualTo(second.path());
        }

        assertThat(elsewhere.resolve(".lock")).exists();
        assertThat(link).exists();
        assertThat(noLock).exists();
    }

    @Test
    void aKilledServiceLeavesNothingBehindOnceAnotherHasStarted() throws Exception {
        String head = """
                POST /v1/localizations HTTP/1.1
                Host: localhost
                Content-Type: multipart/form-data; boundary=b
                Content-Length: 10000000

                --b
                Content-Disposition: form-data; name="image"; filename="x.dcm"

                """.replace("\n", "\r\n");
        try (ServiceProcess first = start("first");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), first.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write("Doe^Jane".repeat(300_000).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            first.await("the part is on the disk", () -> !holdingPatients().isEmpty());
            first.kill();
        }
        assertThat(holdingPatients()).as("what a kill leaves").isNotEmpty();

        try (ServiceProcess second = start("second")) {
            second.port();
            assertThat(holdingPatients()).isEmpty();
        }
    }

    private ServiceProcess start(String name) throws IOException {
        return ServiceProcess.start(
                folder.resolve(name + ".log"),
                List.of("-Djava.io.tmpdir=" + temporary()),
                "--evaluation.directory=" + folder.resolve("state"));
    }

    private List<Path> holdingPatients() throws IOException {
        try (Stream<Path> files = Files.walk(temporary())) {
            return files.filter(Files::isRegularFile)
                    .filter(UploadDirectoryTest::holdsAPatient)
                    .toList();
        }
    }

    private static boolean holdsAPatient(Path file) {
        try {
            return Files.size(file) > 0
                    && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("Doe^Jane");
        } catch (IOException e) {
            return false;
        }
    }
}
