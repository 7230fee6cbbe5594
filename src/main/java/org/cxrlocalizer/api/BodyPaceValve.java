package org.cxrlocalizer.api;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * Gives up requests whose bodies come too slowly. Tomcat's own time-out is for each read: a byte now and then would keep a
 * thread for ever, and two hundred of them all threads. What is left of a body when its request was answered, as with a
 * refusal, is read under the same rule, so that its sender sees the answer and not a broken connection.
 */
final class BodyPaceValve extends ValveBase {

    private final Duration free;
    private final long bytesPerSecond;
    private final long mostLeft;

    /**
     * @param free time to wait for a body's bytes, whatever comes in it
     * @param bytesPerSecond that must have come of it on the average after that
     * @param mostLeft bytes of an answered request that are read; a sender of more gets a broken connection
     */
    BodyPaceValve(Duration free, long bytesPerSecond, long mostLeft) {
        super(true);
        this.free = free;
        this.bytesPerSecond = bytesPerSecond;
        this.mostLeft = mostLeft;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        org.apache.coyote.Request wire = request.getCoyoteRequest();
        InputBuffer unpaced = wire.getInputBuffer();
        wire.setInputBuffer(new Paced(wire, unpaced));
        try {
            getNext().invoke(request, response);
            if (!request.isAsync()) {
                response.finishResponse();
                if (!isReadToItsEnd(wire)) {
                    wire.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
                }
            }
        } finally {
            wire.setInputBuffer(unpaced);
        }
    }

    private boolean isReadToItsEnd(org.apache.coyote.Request wire) {
        if (wire.hasExpectation() && wire.getBytesRead() == 0) {
            return false; // its sender waits to be asked for it, and has the answer instead
        }
        Ignored ignored = new Ignored();
        try {
            for (long left = mostLeft; left > 0; left -= ignored.length()) {
                if (wire.doRead(ignored) < 0) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // gone, or too slow; it was answered
        }
    }

    /** Counts the time that is spent in waiting for bytes, not that in which nobody asks for them. */
    private final class Paced implements InputBuffer {

        private final org.apache.coyote.Request wire;
        private final InputBuffer unpaced;
        private long waited;
        private long come;

        Paced(org.apache.coyote.Request wire, InputBuffer unpaced) {
            this.wire = wire;
            this.unpaced = unpaced;
        }

        @Override
        public int doRead(ApplicationBufferHandler handler) throws IOException {
            long start = System.nanoTime();
            int read = unpaced.doRead(handler);
            waited += System.nanoTime() - start;
            come += Math.max(0, read);
            if (read >= 0 && waited > free.toNanos() + come * 1_000_000_000L / bytesPerSecond) {
                wire.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
                throw new SocketTimeoutException("the body comes too slowly");
            }
            return read;
        }

        @Override
        public int available() {
            return unpaced.available();
        }
    }

    /** Where bytes go that nobody wants. */
    private static final class Ignored implements ApplicationBufferHandler {

        private @Nullable ByteBuffer bytes;

        int length() {
            return bytes == null ? 0 : bytes.remaining();
        }

        @Override
        public void setByteBuffer(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public @Nullable ByteBuffer getByteBuffer() {
            return bytes;
        }

        @Override
        public void expand(int size) {}
    }
}
