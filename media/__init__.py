"""What a clip is: probing, sampling, whole decoding. No policy, no models."""
