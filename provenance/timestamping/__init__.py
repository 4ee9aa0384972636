"""Trusted time (RFC 3161): the authorities that are asked, and what their answers must hold."""
