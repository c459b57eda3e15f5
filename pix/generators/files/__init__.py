"""Files made from a seed, and readers of the files that pupils send back (content plan 7.2 to 7.4)."""
