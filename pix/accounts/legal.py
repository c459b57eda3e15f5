"""The dates of the legal documents: one place, read by the pages that show them and by whoever asks to accept them.

Changing a text in substance means a new date here, so that the terms are asked again.
"""

from datetime import date

TERMS = {"app": date(2026, 9, 1), "orga": date(2026, 9, 1), "certif": date(2026, 9, 1)}
"""Terms of use, by space: in force since the start of the school year."""
PRIVACY = date(2026, 11, 23)
NOTICE = date(2026, 11, 23)
ACCESSIBILITY = date(2026, 11, 23)
