// SPDX-License-Identifier: Apache-2.0
import com.pixelmed.dicom.AttributeList;
import com.pixelmed.validate.DicomSRValidator;

/** Puts structured reports through PixelMed's DicomSRValidator; fails on any error that it names. */
class ReportValidator {

    public static void main(String[] files) throws Exception {
        DicomSRValidator validator = new DicomSRValidator();
        int bad = 0;
        for (String file : files) {
            AttributeList report = new AttributeList();
            report.read(file);
            String verdict = validator.validate(report);
            boolean good = verdict.contains("Found Root Template TID_1500")
                    && verdict.contains("IOD validation complete")
                    && !verdict.contains("Error");
            if (!good) {
                System.out.println(file + "\n" + verdict);
                bad++;
            }
        }
        System.out.printf("PixelMed: %d reports by TID 1500, %d with errors%n", files.length, bad);
        System.exit(bad == 0 && files.length > 0 ? 0 : 1);
    }
}
