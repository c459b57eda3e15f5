"""The face of the platform's staff."""
