package org.cxrlocalizer.dataset;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * Where the dataset's files lie.
 *
 * @param boxList the ground truth, BBox_List_2017.csv as released; the bundled copy by default
 */
@ConfigurationProperties("dataset")
public record DatasetProperties(
        @DefaultValue("classpath:/nih/BBox_List_2017.csv") Resource boxList) {}
