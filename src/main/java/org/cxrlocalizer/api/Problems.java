// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The problems that an operation can answer with, beside those that every one has; they go into the OpenAPI document. Annotations of
 * an operation may have it, and what they state adds up.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Problems {
    ProblemType[] value();
}
