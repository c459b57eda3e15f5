"""The journal: who did what to what, when. Plain ids, no foreign keys, so that nothing is ever lost with its object."""
