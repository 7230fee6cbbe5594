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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Constrains numbers to ascend; null is valid. */
@Constraint(validatedBy = Ascending.Validator.class)
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@interface Ascending {

    /** Whether equal neighbours are refused. */
    boolean strictly() default false;

    String message() default "must be ascending";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Compares neighbours. */
    final class Validator implements ConstraintValidator<Ascending, List<Double>> {

        private boolean strictly;

        @Override
        public void initialize(Ascending constraint) {
            strictly = constraint.strictly();
        }

        @Override
        public boolean isValid(@Nullable List<Double> numbers, ConstraintValidatorContext context) {
            for (int i = 1; numbers != null && i < numbers.size(); i++) {
                int order = Double.compare(numbers.get(i - 1), numbers.get(i));
                if (order > 0 || (strictly && order == 0)) {
                    return false;
                }
            }
            return true;
        }
    }
}
