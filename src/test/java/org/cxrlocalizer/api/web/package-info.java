@NullMarked
package org.cxrlocalizer.api.web;

import org.jspecify.annotations.NullMarked;
