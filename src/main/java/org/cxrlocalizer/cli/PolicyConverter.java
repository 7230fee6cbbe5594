// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.BoxPolicyReader;
import org.cxrlocalizer.localization.InvalidPolicyException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A box policy as the HTTP API takes it, or its type alone where that needs no number. */
final class PolicyConverter implements ITypeConverter<BoxPolicy> {

    @Override
    public BoxPolicy convert(String value) {
        try {
            return BoxPolicyReader.read(value.startsWith("{") ? value : "{\"type\":\"%s\"}".formatted(value));
        } catch (InvalidPolicyException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
