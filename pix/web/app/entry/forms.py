"""What a person types to join a school: names and birth date, as three numbers."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from pix.learners.rules import birth_date_of

LONGEST = 255


@dataclass(frozen=True, slots=True)
class Identity:
    """``birth_date`` is ``None`` when a field is missing or the date is not a real one."""

    first_name: str = ""
    last_name: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    birth_date: date | None = None


def identity_of(posted: QueryDict) -> Identity:
    """The form's fields, trimmed, with the date when everything is valid (schools 9.2)."""
    first, last = posted.get("first_name", "").strip(), posted.get("last_name", "").strip()
    day, month, year = (posted.get(name, "").strip()[:4] for name in ("day", "month", "year"))
    born = None
    if first and last and max(len(first), len(last)) <= LONGEST and all(map(_number, (day, month, year))):
        born = birth_date_of(int(day), int(month), int(year))
    return Identity(first[:LONGEST], last[:LONGEST], day, month, year, born)


def identity_born(posted: QueryDict, first_name: str, last_name: str) -> Identity:
    """The birth date of the form, with names that nobody types."""
    values = posted.copy()
    values["first_name"], values["last_name"] = first_name, last_name
    return identity_of(values)


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
