"""What pages for a person to look at have in common: one HTML file that needs nothing else."""
