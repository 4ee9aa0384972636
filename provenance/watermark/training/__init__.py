"""Training of the network that sees patterns: clips are marked with random keys and reposted."""
