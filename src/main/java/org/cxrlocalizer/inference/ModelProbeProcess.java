// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A process of {@link ModelProbe}: it takes one file after the other and prints a line after each. */
final class ModelProbeProcess implements AutoCloseable {

    /** Comes before each file, on the process's standard input. */
    static final int NEXT = 1;

    /** The line that the process prints when a file did not end it. */
    static final String DONE = "cxr-localizer: this file was probed";

    /** @param printed by the process since its last file, in ISO 8859-1 */
    record Ended(int exitStatus, String printed) {}

    private final Process process;
    private final BufferedReader printed;
    private final DataOutputStream files;

    ModelProbeProcess(Process process) {
        this.process = process;
        printed = process.inputReader(StandardCharsets.ISO_8859_1);
        files = new DataOutputStream(process.getOutputStream());
    }

    /**
     * Hands a file over and waits until it was run.
     *
     * @return how the process ended, or null if it takes another file
     * @throws IOException if it takes longer than it may; the process is then ended
     */
    @Nullable
    Ended run(int maxBatch, byte[] manifest, byte[] torchScript, Duration longest) throws IOException {
        FutureTask<@Nullable Ended> exchange = new FutureTask<>(() -> exchange(maxBatch, manifest, torchScript));
        Thread thread = new Thread(exchange, "model-probe");
        thread.setDaemon(true);
        thread.start();
        boolean over = false;
        try {
            Ended ended = exchange.get(longest.toNanos(), TimeUnit.NANOSECONDS);
            over = true;
            return ended;
        } catch (TimeoutException e) {
            throw new IOException("it was not done after " + longest, e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a file was tried");
        } finally {
            if (!over) {
                close();
            }
        }
    }

    private @Nullable Ended exchange(int maxBatch, byte[] manifest, byte[] torchScript)
            throws IOException, InterruptedException {
        try {
            files.writeByte(NEXT);
            files.writeInt(maxBatch);
            files.writeInt(manifest.length);
            files.write(manifest);
            files.writeInt(torchScript.length);
            files.write(torchScript);
            files.flush();
        } catch (IOException e) {
            process.toHandle().destroy(); // it reads no more; destroy() of the process closes what it has printed
        }
        StringBuilder lines = new StringBuilder();
        for (String line = printed.readLine(); line != null; line = printed.readLine()) {
            if (line.endsWith(DONE)) {
                return null;
            }
            lines.append(line).append('\n');
        }
        return new Ended(process.waitFor(), lines.toString());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
