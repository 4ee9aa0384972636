"""What may be made and shown: policy, screening, review, audit, stores, service, command line."""
