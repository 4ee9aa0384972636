"""Whether a clip looks generated: statistics, calibrated, with abstention; never "real"."""
