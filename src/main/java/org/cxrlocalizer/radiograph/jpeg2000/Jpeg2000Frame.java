// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import com.github.jaiimageio.jpeg2000.impl.IISRandomAccessIO;
import com.github.jaiimageio.jpeg2000.impl.J2KImageReadParamJava;
import java.awt.Point;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.stream.IntStream;
import jj2000.j2k.codestream.HeaderInfo;
import jj2000.j2k.codestream.reader.BitstreamReaderAgent;
import jj2000.j2k.codestream.reader.CBlkInfo;
import jj2000.j2k.codestream.reader.FileBitstreamReaderAgent;
import jj2000.j2k.codestream.reader.HeaderDecoder;
import jj2000.j2k.decoder.DecoderSpecs;
import jj2000.j2k.entropy.decoder.CodedCBlkDataSrcDec;
import jj2000.j2k.image.BlkImgDataSrc;
import jj2000.j2k.image.DataBlkInt;
import jj2000.j2k.image.ImgDataConverter;
import jj2000.j2k.image.invcomptransf.InvCompTransf;
import jj2000.j2k.wavelet.synthesis.InverseWT;
import jj2000.j2k.wavelet.synthesis.SubbandSyn;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a JPEG 2000 code stream by the parts of JJ2000, put together as its ImageIO reader does, with a check between two of
 * them. The packet reader allocates the lengths of packet headers before it reads. The ImageIO reader has no option against that.
 */
public final class Jpeg2000Frame {

    private static final Field BLOCKS = blocks();

    private Jpeg2000Frame() {}

    private static Field blocks() {
        try {
            Field field = FileBitstreamReaderAgent.class.getDeclaredField("cbI");
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("another JJ2000 than the one that this was written for", e);
        }
    }

    /**
     * Decodes a frame, within a time that depends on its size.
     *
     * @param image what {@link Jpeg2000CodeStream} has normalised
     * @return for each component its samples, row by row; signed where the image states that
     * @throws org.cxrlocalizer.dicom.DicomException if the time is spent
     * @throws IOException as JJ2000 does, besides all sorts of unchecked exceptions, on damaged images
     */
    public static int[][] decode(byte[] image, int width, int height, int components) throws IOException {
        return decode(image, width, height, components, DecodingBudget.of((long) width * height * components));
    }

    static int[][] decode(byte[] image, int width, int height, int components, DecodingBudget budget)
            throws IOException {
        try (EofFailingStream stream = new EofFailingStream(image, budget)) {
            IISRandomAccessIO bytes = new IISRandomAccessIO(stream);
            J2KImageReadParamJava parameters = new J2KImageReadParamJava();
            HeaderInfo info = new HeaderInfo();
            HeaderDecoder main = new HeaderDecoder(bytes, parameters, info);
            DecoderSpecs specs = main.getDecoderSpecs();
            int[] depths = IntStream.range(0, main.getNumComps())
                    .map(main::getOriginalBitDepth)
                    .toArray();
            BitstreamReaderAgent packets =
                    BitstreamReaderAgent.createInstance(bytes, main, parameters, specs, false, info);
            InverseWT wavelets = InverseWT.createInstance(
                    main.createDequantizer(
                            main.createROIDeScaler(
                                    main.createEntropyDecoder(checked(packets, image.length, budget), parameters),
                                    parameters,
                                    specs),
                            depths,
                            specs),
                    specs);
            wavelets.setImgResLevel(specs.dls.getMin());
            InvCompTransf colours = new InvCompTransf(new ImgDataConverter(wavelets, 0), specs, depths);
            return samples(colours, main, new int[components][width * height], width);
        }
    }

    private static int[][] samples(BlkImgDataSrc source, HeaderDecoder main, int[][] samples, int imageWidth) {
        Point tiles = source.getNumTiles(new Point());
        for (int tile = 0; tile < tiles.x * tiles.y; tile++) {
            source.setTile(tile % tiles.x, tile / tiles.x);
            for (int component = 0; component < samples.length; component++) {
                int width = source.getTileCompWidth(source.getTileIdx(), component);
                int height = source.getTileCompHeight(source.getTileIdx(), component);
                int left = source.getCompULX(component) - main.getImgULX();
                int top = source.getCompULY(component) - main.getImgULY();
                DataBlkInt block = new DataBlkInt(0, 0, width, height);
                block = (DataBlkInt) source.getInternCompData(block, component);
                int depth = main.getOriginalBitDepth(component);
                int shift = main.isOriginalSigned(component) ? 0 : 1 << (depth - 1);
                int least = shift - (1 << (depth - 1));
                int most = least + (1 << depth) - 1;
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        int value = block.getDataInt()[block.offset + y * block.scanw + x] + shift;
                        samples[component][(top + y) * imageWidth + left + x] = Math.min(Math.max(value, least), most);
                    }
                }
            }
        }
        return samples;
    }

    /** The reader of packets, which gives no code block whose data is longer than the image. */
    private static CodedCBlkDataSrcDec checked(BitstreamReaderAgent packets, int length, DecodingBudget budget) {
        return (CodedCBlkDataSrcDec) Proxy.newProxyInstance(
                Jpeg2000Frame.class.getClassLoader(),
                new Class<?>[] {CodedCBlkDataSrcDec.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getCodeBlock")) {
                        budget.check();
                        SubbandSyn band = (SubbandSyn) arguments[3];
                        CBlkInfo[][][][][] blocks = (CBlkInfo[][][][][]) BLOCKS.get(packets);
                        requireLengths(
                                blocks[(int) arguments[0]][band.resLvl][band.sbandIdx][(int) arguments[1]][
                                        (int) arguments[2]],
                                length);
                    }
                    try {
                        return method.invoke(packets, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void requireLengths(@Nullable CBlkInfo block, int most) throws EOFException {
        long sum = 0;
        for (int length : block == null ? new int[0] : block.len) {
            sum += length;
            if (length < 0 || sum > most) {
                throw new EOFException();
            }
        }
    }
}
