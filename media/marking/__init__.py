"""A visible mark: its label, its way over the picture, and how it is drawn into the planes."""
