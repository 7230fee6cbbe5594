// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.geometry;

import java.util.Optional;

/**
 * Where a square model input lies on the original image: the affine map from the input's unit square (u to the right, v
 * downwards, both in [0, 1]) to original pixels, {@code x = offsetX + scaleX·u}, {@code y = offsetY + scaleY·v}.
 *
 * @param imageWidth width of the original image in pixels
 * @param imageHeight height of the original image in pixels
 * @param scaleX original pixels that the input's width spans
 * @param scaleY original pixels that the input's height spans
 * @param offsetX original x of the input's left edge; negative where a letterbox pads
 * @param offsetY original y of the input's top edge
 */
public record ImageFrame(
        int imageWidth, int imageHeight, double scaleX, double scaleY, double offsetX, double offsetY) {

    /** The input is the whole image, each side resized by its own factor. */
    public static ImageFrame stretch(int imageWidth, int imageHeight) {
        return new ImageFrame(imageWidth, imageHeight, imageWidth, imageHeight, 0, 0);
    }

    /**
     * The image was resized to {@code resizedWidth × resizedHeight} and a square input of {@code side} pixels was laid
     * with its top-left corner at ({@code left}, {@code top}) of the resized image. Negative corners pad (letterbox),
     * positive ones cut (centre crop).
     */
    public static ImageFrame window(
            int imageWidth, int imageHeight, int resizedWidth, int resizedHeight, int side, int left, int top) {
        double pixelX = (double) imageWidth / resizedWidth;
        double pixelY = (double) imageHeight / resizedHeight;
        return new ImageFrame(imageWidth, imageHeight, side * pixelX, side * pixelY, left * pixelX, top * pixelY);
    }

    /**
     * Maps an extent of the unit square to original pixels and clips it to the image.
     *
     * @return empty if nothing of it lies on the image (all of it was letterbox padding)
     */
    public Optional<Box> toImage(double left, double top, double right, double bottom) {
        double x0 = Math.max(0, offsetX + scaleX * left);
        double y0 = Math.max(0, offsetY + scaleY * top);
        double x1 = Math.min(imageWidth, offsetX + scaleX * right);
        double y1 = Math.min(imageHeight, offsetY + scaleY * bottom);
        return x1 > x0 && y1 > y0 ? Optional.of(Box.ofCorners(x0, y0, x1, y1)) : Optional.empty();
    }

    /** The input's horizontal unit coordinate of an original x. */
    public double u(double x) {
        return (x - offsetX) / scaleX;
    }

    /** The input's vertical unit coordinate of an original y. */
    public double v(double y) {
        return (y - offsetY) / scaleY;
    }
}
