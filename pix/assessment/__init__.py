"""A test being taken: assessment, answers, knowledge."""
