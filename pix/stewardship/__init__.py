"""Verbs over a whole person or a whole school: a copy of data, an erasure, an end. No table of its own."""
