// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;

/** Constrains an integer to some values. */
@Constraint(validatedBy = OneOf.Validator.class)
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@interface OneOf {

    int[] value();

    String message();

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Finds the integer among the values. */
    final class Validator implements ConstraintValidator<OneOf, Integer> {

        private int[] values = {};

        @Override
        public void initialize(OneOf constraint) {
            values = constraint.value();
        }

        @Override
        public boolean isValid(Integer number, ConstraintValidatorContext context) {
            return Arrays.stream(values).anyMatch(value -> value == number);
        }
    }
}
