"""Measures frame classifiers and clip review: stills, whole clips, planted spans."""
