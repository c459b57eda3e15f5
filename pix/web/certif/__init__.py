"""The face of certification centres."""
