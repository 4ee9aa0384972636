"""The protocol and the report behind `python -m benchmarks.detecting`."""
