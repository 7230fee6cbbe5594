// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import static java.lang.annotation.ElementType.TYPE_USE;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Constrains a number to finite values: NaN lies outside each range, too. */
@DecimalMin("-1e308")
@DecimalMax("1e308")
@ReportAsSingleViolation
@Constraint(validatedBy = {})
@Target(TYPE_USE)
@Retention(RetentionPolicy.RUNTIME)
@interface Finite {

    String message() default "must be finite numbers";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
