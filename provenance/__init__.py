"""Where a clip comes from: credentials, manifests, signing, reading, verification."""
