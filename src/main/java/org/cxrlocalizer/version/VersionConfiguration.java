// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.version;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class VersionConfiguration {

    @Bean
    ProgramVersion programVersion() {
        return ProgramVersion.current();
    }
}
