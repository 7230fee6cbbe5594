// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

/**
 * What is read off the curve of a ranking in one draw.
 *
 * @param auc the area under the ROC curve: how often a positive ranks above a negative, ties one half; NaN without either
 * @param averagePrecision the mean, over positives, of the precision at their rank, without interpolation; NaN without a positive
 */
record ScoreCurve(double auc, double averagePrecision) {}
