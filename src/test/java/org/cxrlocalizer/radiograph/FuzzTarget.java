// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import com.sun.management.ThreadMXBean;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.cxrlocalizer.dicom.DicomException;
import org.cxrlocalizer.dicom.UnsupportedTransferSyntaxException;
import org.cxrlocalizer.radiograph.dicom.CompressedFrame;
import org.cxrlocalizer.radiograph.dicom.DicomVoi;
import org.cxrlocalizer.radiograph.dicom.RunLength;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.cxrlocalizer.reports.documents.ReportTooLargeException;
import org.cxrlocalizer.reports.documents.Reports;
import org.cxrlocalizer.reports.documents.UnreadableReportException;
import org.springframework.util.unit.DataSize;

/**
 * What a stranger's bytes go through. Whatever they are, the code answers with pixels or labels, or with an exception that it
 * declares, and allocates no more than the limits on images allow for. {@code .ci/fuzz} looks for bytes that do worse;
 * {@link FuzzTest} tries in every build those that once did.
 */
enum FuzzTarget {
    /** A DICOM file from its first byte to grey pixels, in whatever transfer syntax it says. */
    DICOM {
        @Override
        void decode(byte[] bytes) {
            READER.read(bytes, new ReadOptions(true, 1, true));
        }
    },
    /** A run-length encoded frame, of 8-bit colours or 16-bit grey as its segments are three or not. */
    RLE {
        @Override
        void decode(byte[] bytes) {
            boolean colours = bytes.length > 0 && bytes[0] == 3;
            boolean wide = bytes.length > 0 && bytes[0] == 2;
            RunLength.decode(bytes, colours ? 3 : 1, wide ? 2 : 1, 16 * 12);
        }
    },
    /** A PNG, with its check sums put right: no mutation would, and everything behind them would stay unseen. */
    PNG {
        @Override
        void decode(byte[] bytes) {
            READER.read(withCheckSums(bytes));
        }
    },
    JPEG {
        @Override
        void decode(byte[] bytes) {
            READER.read(bytes);
        }
    },
    /** The compressed frame of a DICOM file whose header says just what the frame's own does. */
    JPEG_FRAME {
        @Override
        void decode(byte[] bytes) {
            CompressedFrame.JPEG.decode(bytes, LIMITS::checkPixels);
        }
    },
    JPEG_LS_FRAME {
        @Override
        void decode(byte[] bytes) {
            CompressedFrame.JPEG_LS.decode(bytes, LIMITS::checkPixels);
        }
    },
    JPEG_2000_FRAME {
        @Override
        void decode(byte[] bytes) {
            CompressedFrame.JPEG_2000.decode(bytes, LIMITS::checkPixels);
        }
    },
    /** The report of a caller: its form by the first byte, then the message or document, and the rules on its text. */
    REPORT {
        @Override
        void decode(byte[] bytes) {
            Reports.read(bytes);
        }
    };

    private static final int PNG_SIGNATURE_LENGTH = 8;
    private static final int MOST_PIXELS = 100_000;
    private static final long MOST_ALLOCATED = 64 << 20;
    private static final RadiographProperties LIMITS =
            new RadiographProperties(DataSize.ofMegabytes(1), MOST_PIXELS, DicomVoi.FIRST);
    private static final RadiographReader READER =
            new RadiographReader(LIMITS, ObservationRegistry.NOOP, new ImageMemory(Long.MAX_VALUE));
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    abstract void decode(byte[] bytes);

    /**
     * @return whether there were pixels
     * @throws AssertionError if more was allocated than the limits allow for
     */
    boolean decodes(byte[] bytes) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        boolean decoded = tryToDecode(bytes);
        if (THREADS.getCurrentThreadAllocatedBytes() - before > MOST_ALLOCATED) {
            // The first time, it may have been classes that were loaded, and instrumented by the fuzzer.
            before = THREADS.getCurrentThreadAllocatedBytes();
            tryToDecode(bytes);
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            if (allocated > MOST_ALLOCATED) {
                throw new AssertionError("%d bytes were allocated for %d".formatted(allocated, bytes.length));
            }
        }
        return decoded;
    }

    private boolean tryToDecode(byte[] bytes) {
        try {
            decode(bytes);
            return true;
        } catch (UnreadableImageException
                | ImageTooLargeException
                | NoSuchFrameException
                | DicomException
                | UnsupportedTransferSyntaxException
                | UnreadableReportException
                | ReportTooLargeException e) {
            return false;
        }
    }

    /** Inputs that lie beside the tests, in a directory of the target's name. */
    List<Path> inputs() {
        Path directory =
                Path.of("src/test/fuzz", name().toLowerCase(Locale.ROOT).replace('_', '-'));
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] withCheckSums(byte[] bytes) {
        byte[] png = bytes.clone();
        ByteBuffer file = ByteBuffer.wrap(png);
        int at = PNG_SIGNATURE_LENGTH;
        while (at + 12 <= png.length) {
            int length = file.getInt(at);
            if (length < 0 || length > png.length - at - 12) {
                break;
            }
            CRC32 crc = new CRC32();
            crc.update(png, at + 4, length + 4);
            file.putInt(at + 8 + length, (int) crc.getValue());
            at += 12 + length;
        }
        return png;
    }
}
