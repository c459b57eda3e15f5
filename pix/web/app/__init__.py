"""The pupil's face."""
