"""Recognise a clip by its content: PDQ over frames, exact search, alignment in time."""
