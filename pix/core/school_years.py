"""School years: from 1 August to 31 July, written « 2024-2025 » (spec: schools 0)."""

from datetime import date

FIRST_MONTH = 8


def school_year_of(day: date, first_month: int = FIRST_MONTH) -> str:
    """The school year that holds this day, such as ``"2024-2025"``."""
    start = day.year if day.month >= first_month else day.year - 1
    return f"{start}-{start + 1}"
