/** Model packages, preprocessing, and the classifier that runs on the Deep Java Library. */
@NullMarked
package org.cxrlocalizer.model;

import org.jspecify.annotations.NullMarked;
