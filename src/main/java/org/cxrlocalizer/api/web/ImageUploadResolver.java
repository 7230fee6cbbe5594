// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.cxrlocalizer.radiograph.ImageMemory;
import org.cxrlocalizer.radiograph.ImageTooLargeException;
import org.cxrlocalizer.radiograph.RadiographProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Takes the image out of a request, and never reads more of a raw body than the limit. */
@Component
class ImageUploadResolver implements HandlerMethodArgumentResolver {

    /** Far below what the collector keeps in regions of its own, which it would fill by half. */
    private static final int BLOCK = 1 << 16;

    private final ImageMemory memory;
    private final long maxBytes;

    ImageUploadResolver(RadiographProperties limits, ImageMemory memory) {
        this.memory = memory;
        maxBytes = limits.maxSize().toBytes();
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == ImageUpload.class;
    }

    @Override
    public ImageUpload resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binderFactory)
            throws IOException {
        ImageMemory.Reservation reservation = memory.open();
        // Those of the servlet: the callbacks of the request that is passed in here are never called.
        RequestContextHolder.currentRequestAttributes()
                .registerDestructionCallback("image memory", reservation::close, RequestAttributes.SCOPE_REQUEST);
        HttpServletRequest raw = Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class));
        MultipartHttpServletRequest multipart = request.getNativeRequest(MultipartHttpServletRequest.class);
        if (multipart != null) {
            return part(multipart, reservation);
        }
        if (raw.getContentLengthLong() > maxBytes) {
            throw tooLarge();
        }
        return new ImageUpload(
                read(raw.getInputStream(), reservation), reservation, null, isDicom(raw.getContentType()));
    }

    private static ImageUpload part(MultipartHttpServletRequest form, ImageMemory.Reservation reservation)
            throws IOException {
        MultipartFile image = form.getFile(ImageUpload.PART);
        if (image == null) {
            throw new MissingImageException();
        }
        reservation.take(image.getSize());
        return new ImageUpload(
                image.getBytes(), reservation, image.getOriginalFilename(), isDicom(image.getContentType()));
    }

    /** Takes memory for what has come and not for what is announced, so that slow senders hold little memory. */
    private byte[] read(InputStream body, ImageMemory.Reservation reservation) throws IOException {
        List<byte[]> blocks = new ArrayList<>();
        int length = 0;
        for (byte[] block = body.readNBytes(BLOCK); block.length > 0; block = body.readNBytes(BLOCK)) {
            length += block.length;
            if (length > maxBytes) {
                throw tooLarge();
            }
            reservation.take(block.length);
            blocks.add(block);
        }
        if (blocks.size() == 1) {
            return blocks.get(0);
        }
        reservation.take(length);
        ByteBuffer whole = ByteBuffer.allocate(length);
        blocks.forEach(whole::put);
        reservation.give(length);
        return whole.array();
    }

    /** An invalid media type is ignored; the bytes decide. */
    private static boolean isDicom(@Nullable String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(ImageUpload.DICOM);
    }

    private ImageTooLargeException tooLarge() {
        return new ImageTooLargeException("The image has more than %d bytes.".formatted(maxBytes));
    }
}
