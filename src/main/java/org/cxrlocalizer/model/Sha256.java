// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Constrains a string to a SHA-256 in lower-case hexadecimal digits; null is valid. */
@Pattern(regexp = "[0-9a-f]{64}")
@ReportAsSingleViolation
@Constraint(validatedBy = {})
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@interface Sha256 {

    String message() default "must be 64 hexadecimal digits";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
