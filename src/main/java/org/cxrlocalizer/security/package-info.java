/** Who may ask for what: API keys or tokens, limits of how often, and a line for each request of who asked for what. */
@NullMarked
package org.cxrlocalizer.security;

import org.jspecify.annotations.NullMarked;
