"""The model registry: cards, sources, and the code that loads and runs the models."""
