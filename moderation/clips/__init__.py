"""Clip review: sampled frames, segments over time."""
