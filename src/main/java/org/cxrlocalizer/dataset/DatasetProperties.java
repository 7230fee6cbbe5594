// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the dataset's files lie, as paths or Spring resource locations.
 *
 * @param boxList the ground truth: {@code BBox_List_2017.csv} as released, another table with its columns by name
 *     ({@code x1,y1,x2,y2} too), or a COCO file
 * @param entries {@code Data_Entry_2017.csv} of either release, plain or gzip; without it there are no statistics
 * @param trainList {@code train_val_list.txt}, plain or gzip, for statistics
 * @param testList {@code test_list.txt}, plain or gzip, for statistics
 */
@ConfigurationProperties("dataset")
public record DatasetProperties(
        @DefaultValue("classpath:/nih/BBox_List_2017.csv") FileSetting boxList,
        @Nullable FileSetting entries,
        @Nullable FileSetting trainList,
        @Nullable FileSetting testList) {}
