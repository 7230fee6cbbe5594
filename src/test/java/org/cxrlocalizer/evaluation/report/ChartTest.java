// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class ChartTest {

    private static Element parse(String svg) throws ParserConfigurationException, IOException, SAXException {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getDocumentElement();
    }

    @Test
    void aCurveLiesBetweenItsAxesAndIsNamed() throws Exception {
        Chart chart = new Chart("A & B", Chart.Axis.ofShares("1 − specificity"), Chart.Axis.ofShares("sensitivity"))
                .withDiagonal()
                .with(new Chart.Curve(
                        "AUC 0.9 <n = 3>",
                        List.of(new double[] {0, 0}, new double[] {1, 1}),
                        List.of(new double[] {0, 0, 0.5}, new double[] {1, 0.5, 1})));

        Element svg = parse(chart.file());

        assertThat(svg.getAttribute("aria-label")).isEqualTo("A & B");
        assertThat(svg.getTextContent()).contains("AUC 0.9 <n = 3>", "1 − specificity", "sensitivity", "0.2", "0.8");
        Element curve = (Element) svg.getElementsByTagName("polyline").item(0);
        NodeList lines = svg.getElementsByTagName("line");
        Element diagonal = lines(lines, "3 3");
        assertThat(curve.getAttribute("points"))
                .as("from corner to corner")
                .isEqualTo("%s,%s %s,%s"
                        .formatted(
                                diagonal.getAttribute("x1"),
                                diagonal.getAttribute("y1"),
                                diagonal.getAttribute("x2"),
                                diagonal.getAttribute("y2")));
        assertThat(((Element) svg.getElementsByTagName("polygon").item(0))
                        .getAttribute("points")
                        .split(" "))
                .as("both ends of the intervals")
                .hasSize(4);
        assertThat(chart.svg()).as("within a page").doesNotContain("http");
    }

    private static Element lines(NodeList lines, String dashes) {
        for (int i = 0; i < lines.getLength(); i++) {
            Element line = (Element) lines.item(i);
            if (line.getAttribute("stroke-dasharray").equals(dashes)) {
                return line;
            }
        }
        throw new AssertionError("no line of " + dashes);
    }

    @Test
    void pointsHaveTheirIntervalsAsBars() throws Exception {
        Element svg = parse(new Chart("by size", Chart.Axis.ofShares("size"), Chart.Axis.ofShares("hits"))
                .withPoints(new Chart.Curve(
                        "Acc",
                        List.of(new double[] {0.2, 0.5}, new double[] {0.8, 1}),
                        List.of(new double[] {0.2, 0, 1}, new double[] {0.8, 0.5, 1})))
                .file());

        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(2);
        Element point = (Element) svg.getElementsByTagName("circle").item(0);
        Element axes = (Element) svg.getElementsByTagName("path").item(0);
        Element bar = (Element) svg.getElementsByTagName("path").item(1);
        assertThat(axes.getAttribute("d")).isEqualTo("M52.0 12.0V242.0H406.0");
        assertThat(bar.getAttribute("d")).as("from the axis to the top").isEqualTo("M122.8 242.0V12.0");
        assertThat(point.getAttribute("cx")).isEqualTo("122.8");
        assertThat(point.getAttribute("cy")).isEqualTo("127.0");
        assertThat(svg.getTextContent()).contains("Acc");
    }

    @Test
    void longNamesTakeSeveralLinesOfTheLegend() throws Exception {
        String policy = "layercam, {\"type\":\"fraction\",\"fraction\":0.5,\"selection\":{\"minimumArea\":0.0}}";
        Chart chart = new Chart("Acc", Chart.Axis.ofShares("T(IoU)"), Chart.Axis.ofShares("Acc"))
                .with(new Chart.Curve(policy, List.of(new double[] {0, 1}), List.of()))
                .with(new Chart.Curve("centred box", List.of(new double[] {0, 0}), List.of()));

        Element svg = parse(chart.file());

        List<Element> texts = elements(svg, "text");
        List<String> legend = texts.subList(texts.size() - 3, texts.size()).stream()
                .map(Element::getTextContent)
                .toList();
        assertThat(legend).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(52));
        assertThat(legend.get(0) + legend.get(1)).isEqualTo(policy);
        assertThat(texts.get(texts.size() - 1).getAttribute("y"))
                .as("the third line")
                .isEqualTo("326.0");
        assertThat(svg.getAttribute("viewBox")).isEqualTo("0 0 420.0 334.0");
        List<Element> lines = elements(svg, "line");
        assertThat(lines.get(lines.size() - 1).getAttribute("y1"))
                .as("beside its name")
                .isEqualTo("322.0");
    }

    private static List<Element> elements(Element svg, String name) {
        NodeList found = svg.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    @Test
    void barsReachTheTickOfTheirCount() throws Exception {
        Element svg = parse(new Chart("Mass (n = 7)", Chart.Axis.ofShares("IoU"), Chart.Axis.ofCounts("true boxes", 5))
                .withBars(new int[] {5, 2, 0})
                .file());

        NodeList bars = svg.getElementsByTagName("rect");
        assertThat(bars.getLength()).isEqualTo(3);
        double highest = Double.parseDouble(((Element) bars.item(0)).getAttribute("height"));
        double second = Double.parseDouble(((Element) bars.item(1)).getAttribute("height"));
        assertThat(highest).isEqualTo(230);
        assertThat(second).isEqualTo(92);
        assertThat(((Element) bars.item(2)).getAttribute("height")).isEqualTo("0.0");
    }
}
