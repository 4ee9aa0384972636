"""The provable record: Merkle log, signed checkpoints, bundles."""
