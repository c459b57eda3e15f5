"""Verbs over a whole person: a copy of their data, their erasure. No table of its own."""
