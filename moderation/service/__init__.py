"""The gRPC edge: servicers translate between protobuf and domain values, nothing else."""
