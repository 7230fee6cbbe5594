// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The two reports of the dataset page's Tables 4 and 5, as far as they are quoted to this project, and their keywords there. */
class DatasetPageReportsTest {

    private static final ReportLabeller LABELLER = ReportLabeller.read();

    @Test
    void theReportOfTable4HasItsThreeLabels() {
        ReportLabels labels = LABELLER.read("impression: small right pleural effusion otherwise stable abnormal study"
                + " including left basilar infiltrate/atelectasis");

        assertThat(labels.accepted(LabelPolicy.CERTAIN))
                .containsExactlyInAnyOrder("Effusion", "Infiltration", "Atelectasis");
        assertThat(labels.mentions()).extracting(Mention::section).containsOnly(Section.IMPRESSION);
        assertThat(labels.states()).containsEntry(ReportLabels.NO_FINDING, LabelState.ABSENT);
    }

    @Test
    void theReportOfTable5HasItsLabel() {
        ReportLabels labels = LABELLER.read("findings include: 1. cardiomegaly (ct ratio of 17/30). 2. otherwise normal"
                + " lungs and mediastinal contours. 3. no evidence of focal bone lesion.");

        assertThat(labels.accepted(LabelPolicy.CERTAIN)).containsExactly("Cardiomegaly");
    }

    @Test
    void whatFollowsASlashAfterAtelectasisIsNotCertain() {
        ReportLabels labels = LABELLER.read("1. left basilar atelectasis/consolidation. 2. prominent hilum.");

        assertThat(labels.accepted(LabelPolicy.CERTAIN)).containsExactly("Atelectasis");
        assertThat(labels.accepted(LabelPolicy.UNCERTAIN_TOO)).containsExactly("Atelectasis", "Consolidation");
    }
}
