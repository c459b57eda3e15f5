"""Doors to campaigns and participations: of a school's member (``orga``), of a pupil (``play``)."""
