"""A school's campaigns: list, creation, activity, results, settings, file."""
