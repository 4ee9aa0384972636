"""An invisible watermark: chips of a secret key spread over the luma of every picture."""
