// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads the Native DICOM Model (PS3.19, annex A.1) into the DICOM JSON model, which has the same structure. */
final class DicomXml {

    private static final XMLInputFactory FACTORY = factory();

    private final ObjectNode model = JsonNodeFactory.instance.objectNode();
    private final Deque<ObjectNode> dataSets = new ArrayDeque<>();
    private final Deque<ArrayNode> values = new ArrayDeque<>();

    private DicomXml() {
        dataSets.push(model);
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    /**
     * Parses one data set.
     *
     * @throws XMLStreamException if it is no XML, or its elements lie in one another otherwise than the model states
     */
    static JsonNode parse(byte[] xml) throws XMLStreamException {
        DicomXml read = new DicomXml();
        XMLStreamReader reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(xml));
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                read.begin(reader);
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                read.end(reader.getLocalName());
            }
        }
        return read.model;
    }

    private void begin(XMLStreamReader reader) throws XMLStreamException {
        String element = reader.getLocalName();
        if (element.equals("DicomAttribute")) {
            String tag = reader.getAttributeValue(null, "tag");
            values.push(dataSets.getFirst()
                    .putObject(String.valueOf(tag).toUpperCase(Locale.ROOT))
                    .putArray("Value"));
        } else if (element.equals("Item") || element.equals("Value")) {
            ArrayNode of = values.peek();
            if (of == null) {
                throw new XMLStreamException("a value outside of an attribute");
            }
            if (element.equals("Item")) {
                dataSets.push(of.addObject());
            } else {
                of.add(reader.getElementText().strip());
            }
        }
    }

    private void end(String element) {
        if (element.equals("DicomAttribute")) {
            values.pop();
        } else if (element.equals("Item")) {
            dataSets.pop();
        }
    }
}
