"""The contract of Framegate: generated protobuf messages and gRPC stubs."""
