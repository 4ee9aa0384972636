"""Prompt screening: normalise, look for rules, classify."""
