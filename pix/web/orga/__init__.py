"""The school's face: heads and teachers."""
