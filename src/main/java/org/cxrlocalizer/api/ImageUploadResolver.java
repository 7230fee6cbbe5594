package org.cxrlocalizer.api;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import org.cxrlocalizer.radiograph.ImageTooLargeException;
import org.cxrlocalizer.radiograph.RadiographProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Takes the image out of a request, and never reads more of a raw body than the limit. */
@Component
class ImageUploadResolver implements HandlerMethodArgumentResolver {

    private final long maxBytes;

    ImageUploadResolver(RadiographProperties limits) {
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
        MultipartHttpServletRequest multipart = request.getNativeRequest(MultipartHttpServletRequest.class);
        if (multipart != null) {
            MultipartFile image = multipart.getFile("image");
            if (image == null) {
                throw new ProblemException(
                        ProblemType.MISSING_IMAGE, "The multipart request has no file part named 'image'.");
            }
            return new ImageUpload(image.getBytes(), image.getOriginalFilename(), isDicom(image.getContentType()));
        }
        HttpServletRequest raw = Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class));
        if (raw.getContentLengthLong() > maxBytes) {
            throw tooLarge();
        }
        byte[] bytes = raw.getInputStream().readNBytes(Math.toIntExact(maxBytes + 1));
        if (bytes.length > maxBytes) {
            throw tooLarge();
        }
        return new ImageUpload(bytes, null, isDicom(raw.getContentType()));
    }

    /** A type that is none says nothing: what matters are the bytes. */
    private static boolean isDicom(@Nullable String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(ImageOperation.DICOM);
    }

    private ImageTooLargeException tooLarge() {
        return new ImageTooLargeException("The image has more than %d bytes.".formatted(maxBytes));
    }
}
