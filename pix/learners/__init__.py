"""The pupil on a school's roll: imports, classes, link to an account."""
