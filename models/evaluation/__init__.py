"""Measuring a text classifier on labelled sets: numbers with intervals, a report and plots."""
