"""Writes on campaigns and participations: the school's side (``manage``) and the pupil's (``play``)."""
