package org.cxrlocalizer.dicom;

import static org.cxrlocalizer.dicom.ValueRepresentation.CS;
import static org.cxrlocalizer.dicom.ValueRepresentation.DS;
import static org.cxrlocalizer.dicom.ValueRepresentation.IS;
import static org.cxrlocalizer.dicom.ValueRepresentation.LO;
import static org.cxrlocalizer.dicom.ValueRepresentation.OB;
import static org.cxrlocalizer.dicom.ValueRepresentation.OV;
import static org.cxrlocalizer.dicom.ValueRepresentation.OW;
import static org.cxrlocalizer.dicom.ValueRepresentation.PN;
import static org.cxrlocalizer.dicom.ValueRepresentation.SH;
import static org.cxrlocalizer.dicom.ValueRepresentation.SQ;
import static org.cxrlocalizer.dicom.ValueRepresentation.UI;
import static org.cxrlocalizer.dicom.ValueRepresentation.US;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The data elements that we use, with their keywords in PS3.6 and the value representation that they have where a data
 * set does not state it. Where PS3.6 says “US or SS”, it is the unsigned one: who reads it knows the sign.
 */
public enum Attribute {
    TRANSFER_SYNTAX_UID(0x00020010, UI),
    SPECIFIC_CHARACTER_SET(0x00080005, CS),
    MODALITY(0x00080060, CS),
    PRESENTATION_INTENT_TYPE(0x00080068, CS),
    CODE_VALUE(0x00080100, SH),
    ANATOMIC_REGION_SEQUENCE(0x00082218, SQ),
    PATIENT_NAME(0x00100010, PN),
    PATIENT_ID(0x00100020, LO),
    BODY_PART_EXAMINED(0x00180015, CS),
    IMAGER_PIXEL_SPACING(0x00181164, DS),
    VIEW_POSITION(0x00185101, CS),
    PATIENT_ORIENTATION(0x00200020, CS),
    LATERALITY(0x00200060, CS),
    IMAGE_LATERALITY(0x00200062, CS),
    SAMPLES_PER_PIXEL(0x00280002, US),
    PHOTOMETRIC_INTERPRETATION(0x00280004, CS),
    PLANAR_CONFIGURATION(0x00280006, US),
    NUMBER_OF_FRAMES(0x00280008, IS),
    ROWS(0x00280010, US),
    COLUMNS(0x00280011, US),
    PIXEL_SPACING(0x00280030, DS),
    PIXEL_ASPECT_RATIO(0x00280034, IS),
    BITS_ALLOCATED(0x00280100, US),
    BITS_STORED(0x00280101, US),
    HIGH_BIT(0x00280102, US),
    PIXEL_REPRESENTATION(0x00280103, US),
    PIXEL_PADDING_VALUE(0x00280120, US),
    PIXEL_PADDING_RANGE_LIMIT(0x00280121, US),
    BURNED_IN_ANNOTATION(0x00280301, CS),
    PIXEL_SPACING_CALIBRATION_TYPE(0x00280a02, CS),
    WINDOW_CENTER(0x00281050, DS),
    WINDOW_WIDTH(0x00281051, DS),
    RESCALE_INTERCEPT(0x00281052, DS),
    RESCALE_SLOPE(0x00281053, DS),
    VOI_LUT_FUNCTION(0x00281056, CS),
    RED_PALETTE_DESCRIPTOR(0x00281101, US),
    GREEN_PALETTE_DESCRIPTOR(0x00281102, US),
    BLUE_PALETTE_DESCRIPTOR(0x00281103, US),
    RED_PALETTE(0x00281201, OW),
    GREEN_PALETTE(0x00281202, OW),
    BLUE_PALETTE(0x00281203, OW),
    MODALITY_LUT_SEQUENCE(0x00283000, SQ),
    LUT_DESCRIPTOR(0x00283002, US),
    LUT_DATA(0x00283006, OW),
    VOI_LUT_SEQUENCE(0x00283010, SQ),
    VIEW_CODE_SEQUENCE(0x00540220, SQ),
    PRESENTATION_LUT_SHAPE(0x20500020, CS),
    EXTENDED_OFFSET_TABLE(0x7fe00001, OV),
    PIXEL_DATA(0x7fe00010, OW),
    ITEM(0xfffee000, OB),
    ITEM_DELIMITATION(0xfffee00d, OB),
    SEQUENCE_DELIMITATION(0xfffee0dd, OB);

    private static final Map<Integer, Attribute> BY_TAG =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Attribute::tag, Function.identity()));

    private final int tag;
    private final ValueRepresentation representation;

    Attribute(int tag, ValueRepresentation representation) {
        this.tag = tag;
        this.representation = representation;
    }

    static @Nullable Attribute of(int tag) {
        return BY_TAG.get(tag);
    }

    /** As in the books: (0028,0010). */
    static String format(int tag) {
        return "(%04X,%04X)".formatted(tag >>> 16, tag & 0xffff);
    }

    /** Group and element number, 16 bits each. */
    int tag() {
        return tag;
    }

    ValueRepresentation representation() {
        return representation;
    }

    @Override
    public String toString() {
        return format(tag);
    }
}
