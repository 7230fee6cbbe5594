package org.cxrlocalizer.radiograph;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException.Reason;

/**
 * Whether a data set says of itself that it is a frontal chest radiograph. What it says clearly is a reason to refuse; what
 * it leaves open is a warning. Values are compared and never repeated: in a broken file, they may be anything.
 */
final class FrontalChest {

    private static final Set<String> RADIOGRAPHY = Set.of("CR", "DX");

    /** Projections too, but of other devices, or of no stated one. */
    private static final Set<String> PERHAPS_RADIOGRAPHY = Set.of("RG", "RF", "XA", "DR", "OT", "SC", "HC");

    /** Of the standard terms in PS3.16, annex L, those that show lungs, and names in use that hold one of them. */
    private static final List<String> CHEST =
            List.of("CHEST", "THORAX", "LUNG", "HEART", "MEDIASTIN", "RIB", "STERNUM");

    private static final Set<String> OTHER_PARTS = Set.of(
            "ABDOMEN",
            "ANKLE",
            "ARM",
            "BREAST",
            "CALCANEUS",
            "CLAVICLE",
            "COCCYX",
            "CSPINE",
            "ELBOW",
            "EXTREMITY",
            "FEMUR",
            "FINGER",
            "FOOT",
            "FOREARM",
            "HAND",
            "HEAD",
            "HIP",
            "HUMERUS",
            "JAW",
            "KNEE",
            "LEG",
            "LSPINE",
            "MANDIBLE",
            "MAXILLA",
            "NECK",
            "ORBIT",
            "PATELLA",
            "PELVIS",
            "SCAPULA",
            "SHOULDER",
            "SINUS",
            "SKULL",
            "SPINE",
            "SSPINE",
            "THIGH",
            "THUMB",
            "TIBIA",
            "TOE",
            "TSPINE",
            "WRIST",
            "ZYGOMA");

    /** Codes of SNOMED CT and of its older form (PS3.16, CID 4031): chest, with neighbours or in part. */
    private static final Set<String> CHEST_CODES = Set.of(
            "51185008",
            "T-D3000",
            "416550000",
            "R-FAB55",
            "416775004",
            "R-FAB56",
            "417437006",
            "R-FAB52",
            "416152001",
            "R-FAB53",
            "416319003",
            "R-FAB54",
            "78904004",
            "T-D3050",
            "39607008",
            "T-28000",
            "80891009",
            "T-32000",
            "72410000",
            "T-D3300",
            "3120008",
            "T-29000",
            "113197003",
            "T-11300",
            "56873002",
            "T-11210");

    private static final Set<String> FRONTAL = Set.of("PA", "AP");

    /** Terms of PS3.3, section C.8.1.1, and the word that is common instead. */
    private static final Set<String> NOT_FRONTAL =
            Set.of("LL", "RL", "LLO", "RLO", "LAO", "RAO", "LPO", "RPO", "LAT", "LATERAL", "OBLIQUE");

    /** Lateral, left lateral, right lateral (PS3.16, CID 4010). */
    private static final Set<String> LATERAL_CODES =
            Set.of("399067008", "R-102CD", "399173006", "R-10236", "399198007", "R-10232");

    private final DataSet dataSet;
    private final boolean force;
    private final List<String> warnings = new ArrayList<>();
    private boolean chest;
    private boolean frontal;

    private FrontalChest(DataSet dataSet, boolean force) {
        this.dataSet = dataSet;
        this.force = force;
    }

    /**
     * Reads what the data set says.
     *
     * @param force makes warnings of refusals
     * @throws NotAFrontalChestRadiographException if it says that it is something else
     */
    static FrontalChest check(DataSet dataSet, boolean force) {
        FrontalChest check = new FrontalChest(dataSet, force);
        check.modality();
        check.bodyPart();
        check.view();
        check.orientation();
        check.pixels();
        return check;
    }

    /** Where the data set leaves something open, or what was forced. */
    List<String> warnings() {
        return warnings;
    }

    Claims claims() {
        return new Claims(chest, frontal);
    }

    private void refuse(Reason reason, String text) {
        if (!force) {
            throw new NotAFrontalChestRadiographException(reason, text + " With force=true it is read all the same.");
        }
        warnings.add(text);
    }

    private void modality() {
        Optional<String> modality = dataSet.string(Attribute.MODALITY);
        if (modality.isEmpty() || PERHAPS_RADIOGRAPHY.contains(modality.get())) {
            warnings.add("The file does not say that it was made by projection radiography (modality CR or DX).");
        } else if (!RADIOGRAPHY.contains(modality.get())) {
            refuse(Reason.MODALITY, "The file's modality is not that of a chest radiograph (CR or DX).");
        }
    }

    private void bodyPart() {
        String part = dataSet.string(Attribute.BODY_PART_EXAMINED).orElse("").toUpperCase(Locale.ROOT);
        List<String> codes = codes(Attribute.ANATOMIC_REGION_SEQUENCE);
        chest =
                CHEST.stream().anyMatch(part::contains) || codes.stream().anyMatch(CHEST_CODES::contains);
        if (!chest && (OTHER_PARTS.contains(part) || !codes.isEmpty())) {
            refuse(Reason.BODY_PART, "The file says that it shows another part of the body than the chest.");
        } else if (!chest) {
            warnings.add("The file does not say that it shows a chest.");
        }
    }

    private void view() {
        String view = dataSet.string(Attribute.VIEW_POSITION).orElse("").toUpperCase(Locale.ROOT);
        boolean isLateral = codes(Attribute.VIEW_CODE_SEQUENCE).stream().anyMatch(LATERAL_CODES::contains);
        frontal = FRONTAL.contains(view) || saysFrontalByCode();
        if (NOT_FRONTAL.contains(view) || (isLateral && !FRONTAL.contains(view))) {
            refuse(Reason.VIEW, "The file says that it is a lateral or oblique view.");
        } else if (!frontal) {
            warnings.add("The file does not say that it is a frontal view (PA or AP).");
        }
    }

    /** Postero-anterior, antero-posterior, frontal (PS3.16, CID 4010). */
    private boolean saysFrontalByCode() {
        return codes(Attribute.VIEW_CODE_SEQUENCE).stream()
                .anyMatch(Set.of("272479007", "R-40888", "399348003", "R-10206", "399033003")::contains);
    }

    /** Along the rows, then along the columns, the directions that they run to (PS3.3, section C.7.6.1.1.1). */
    private void orientation() {
        List<String> directions = dataSet.strings(Attribute.PATIENT_ORIENTATION);
        if (directions.size() != 2) {
            return;
        }
        if (directions.get(0).startsWith("A") || directions.get(0).startsWith("P")) {
            refuse(Reason.VIEW, "The file's rows run from the patient's front to back, as in a lateral view.");
        } else if (directions.get(0).startsWith("R")) {
            warnings.add("The file's rows run to the patient's right: left and right are exchanged.");
        }
        if (directions.get(1).startsWith("H")) {
            warnings.add("The file's columns run to the patient's head: the image is upside down.");
        }
    }

    private void pixels() {
        if (is(Attribute.PRESENTATION_INTENT_TYPE, "FOR PROCESSING")) {
            refuse(
                    Reason.FOR_PROCESSING,
                    "The file holds raw detector data (FOR PROCESSING); its FOR PRESENTATION counterpart is wanted.");
        }
        if (is(Attribute.BURNED_IN_ANNOTATION, "YES")) {
            warnings.add("The file says that text is burned into the pixels.");
        }
        if (Stream.of(Attribute.IMAGE_LATERALITY, Attribute.LATERALITY)
                .anyMatch(side -> is(side, "L") || is(side, "R"))) {
            warnings.add("The file says that it shows one side of the body only.");
        }
    }

    private boolean is(Attribute attribute, String value) {
        return dataSet.string(attribute).filter(value::equals).isPresent();
    }

    private List<String> codes(Attribute sequence) {
        return dataSet.items(sequence).stream()
                .flatMap(item -> item.string(Attribute.CODE_VALUE).stream())
                .toList();
    }
}
