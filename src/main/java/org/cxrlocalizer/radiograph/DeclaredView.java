// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException.Reason;

/**
 * The view that a data set states: View Position and view codes, then the texts of the image. The texts of its study are not
 * read: “PA and lateral” is right for both images of it.
 */
final class DeclaredView {

    private static final String NOT_FRONTAL = "The file states that it is a lateral or oblique view.";
    private static final String CONTRADICTION =
            "The file contradicts itself: it states a frontal view in one place, and another view in another place.";

    private final Statement statement;
    private final Objections objections;
    private final List<Set<Meaning>> views;

    private DeclaredView(Statement statement, Objections objections) {
        this.statement = statement;
        this.objections = objections;
        views = Stream.of(
                        Stream.of(position(), codes()),
                        statement.ofImage().stream().map(DeclaredView::view))
                .flatMap(part -> part)
                .toList();
    }

    /** Returns whether the data set states a frontal view, and nothing against it. */
    static boolean check(Statement statement, Objections objections) {
        return new DeclaredView(statement, objections).isFrontal();
    }

    private boolean isFrontal() {
        boolean frontal = views.stream().anyMatch(DeclaredView::saysFrontal);
        boolean other = views.stream().anyMatch(DeclaredView::saysOther);
        if (saysOther(views.get(0)) || (other && !frontal)) {
            objections.refuse(Reason.VIEW, NOT_FRONTAL);
            return false;
        }
        if (other) {
            objections.warn(CONTRADICTION);
            return false;
        }
        if (isUnusual()) {
            objections.warn("The file states that it is a lordotic or otherwise unusual view.");
            return false;
        }
        if (!frontal) {
            objections.warn("The file does not state that it is a frontal view (PA or AP).");
        }
        return frontal;
    }

    private boolean isUnusual() {
        return views.stream().anyMatch(view -> view.contains(Meaning.UNUSUAL))
                || statement.items(Attribute.VIEW_CODE_SEQUENCE).anyMatch(item -> !item.codes(
                                Attribute.VIEW_MODIFIER_CODE_SEQUENCE, Set.of())
                        .isEmpty());
    }

    /** “LL” and the like are views; a letter that is short for left or right is in no table. */
    private Set<Meaning> position() {
        Set<Meaning> view = view(statement.text(Attribute.VIEW_POSITION));
        if (view.removeAll(EnumSet.of(Meaning.VIEW_POSITION_ONLY, Meaning.DORSAL))) {
            view.add(Meaning.NOT_FRONTAL);
        }
        return view;
    }

    private Set<Meaning> codes() {
        Set<Meaning> view = EnumSet.noneOf(Meaning.class);
        view.addAll(statement.codes(Attribute.VIEW_CODE_SEQUENCE, Set.of()));
        view.addAll(statement.codes(Attribute.PROJECTION_EPONYMOUS_NAME_CODE_SEQUENCE, Set.of()));
        return view;
    }

    private static Set<Meaning> view(Set<Meaning> meanings) {
        Set<Meaning> view = EnumSet.noneOf(Meaning.class);
        view.addAll(meanings);
        if (view.remove(Meaning.FACE)) {
            view.add(Meaning.FRONTAL);
        }
        return view;
    }

    private static boolean saysOther(Set<Meaning> view) {
        return view.contains(Meaning.NOT_FRONTAL)
                || (view.contains(Meaning.LATERAL) && !view.contains(Meaning.FRONTAL));
    }

    /** A text that names two views states neither. */
    private static boolean saysFrontal(Set<Meaning> view) {
        return view.contains(Meaning.FRONTAL) && !view.contains(Meaning.LATERAL) && !saysOther(view);
    }
}
