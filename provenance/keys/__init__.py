"""The signing key and its certificates: where they lie, their shape, their exchange."""
