"""Durable state: database, clips, blobs, subjects."""
