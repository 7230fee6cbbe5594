// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.pixels;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The orientation that an XMP packet states (XMP specification, part 2, section 2.3): {@code tiff:Orientation}, as an attribute or as
 * an element. The packet is not parsed as XML, so that no entity of it is ever resolved.
 */
public final class XmpOrientation {

    private static final Pattern STATED =
            Pattern.compile("tiff:Orientation(?:\\s*=\\s*[\"']|\\s*>)\\s*([1-8])\\s*[\"'<]");

    private XmpOrientation() {}

    /** @param packet in UTF-8 */
    public static Optional<Orientation> of(byte[] packet) {
        Matcher stated = STATED.matcher(new String(packet, StandardCharsets.UTF_8));
        return stated.find() ? Orientation.find(Integer.parseInt(stated.group(1))) : Optional.empty();
    }
}
