package org.cxrlocalizer.evaluation.metrics;

public record Interval(double low, double high) {}
