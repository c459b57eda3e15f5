"""The dates of the legal documents: one place, read by the pages that show them and by whoever asks to accept them.

Changing a text in substance means a new date here, so that the terms are asked again.
"""

from datetime import date

TERMS = {"app": date(2026, 11, 23), "orga": date(2026, 11, 23), "certif": date(2026, 11, 23)}
"""Terms of use, by space."""
PRIVACY = date(2026, 11, 23)
NOTICE = date(2026, 11, 23)
ACCESSIBILITY = date(2026, 11, 23)
