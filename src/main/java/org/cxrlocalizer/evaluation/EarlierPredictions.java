package org.cxrlocalizer.evaluation;

/** What becomes of the predictions of an earlier run that lie where a run writes its own. */
public enum EarlierPredictions {
    /** The run is refused. */
    REFUSED,
    /** The run goes on with them; it is refused if they are of anything else. */
    CONTINUED,
    /**
     * The same, but if only the variant of the model is another, the run begins anew: a service that measures its variants
     * at start may run another one after a restart.
     */
    CONTINUED_IF_OF_THIS_VARIANT
}
