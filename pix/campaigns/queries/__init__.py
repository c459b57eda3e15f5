"""Reads on campaigns: the school's pages (``orga``, ``journeys``) and the pupil's (``pupil``)."""
