package org.cxrlocalizer.dataset;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the dataset's files lie, as paths or Spring resource locations.
 *
 * @param boxList the ground truth, BBox_List_2017.csv as released; the bundled copy by default
 * @param entries Data_Entry_2017.csv of either release, plain or gzip; without it there are no statistics
 * @param trainList train_val_list.txt, plain or gzip
 * @param testList test_list.txt, plain or gzip
 */
@ConfigurationProperties("dataset")
public record DatasetProperties(
        @DefaultValue("classpath:/nih/BBox_List_2017.csv") FileSetting boxList,
        @Nullable FileSetting entries,
        @Nullable FileSetting trainList,
        @Nullable FileSetting testList) {}
