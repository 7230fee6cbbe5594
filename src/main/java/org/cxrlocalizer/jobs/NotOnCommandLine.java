// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Profile;

/** Marks beans of background jobs, which the commands of the jar do not have. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Profile("!command-line")
public @interface NotOnCommandLine {}
