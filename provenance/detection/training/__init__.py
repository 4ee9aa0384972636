"""How the detector is learned, and adapted to an operator's own generator."""
