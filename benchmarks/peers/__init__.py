"""Watermarks and video hashes that can be installed instead: an interpreter of their own."""
