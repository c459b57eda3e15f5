"""Which existing accounts an import links to the pupils of its file (schools 4.6)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """A pupil of any school that has an account. ``here``: of the importing school."""

    account: int
    ine: str
    birth_date: date | None
    here: bool
    pupil: int


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What chooses between two accounts of one INE."""

    certifications: int
    updated_at: datetime


class LinkRule(StrEnum):
    """Why a found account is not linked."""

    SEVERAL_INES = "several_ines"
    TWO_PUPILS = "two_pupils"
    USED_HERE = "used_here"
    OTHER_BIRTH_DATE = "other_birth_date"


@dataclass(frozen=True, slots=True)
class RefusedLink:
    ine: str
    account: int
    rule: LinkRule


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """``accounts``: INE of the file → account after the import; an INE left out has none from then on.

    ``made`` and ``removed``: the INEs whose pupil gets an account (or another one), and those whose pupil loses it.
    """

    accounts: Mapping[str, int]
    made: tuple[str, ...]
    removed: tuple[str, ...]
    refused: tuple[RefusedLink, ...]


def link_accounts(
    births: Mapping[str, date], records: Iterable[AccountRecord], accounts: Mapping[int, AccountFacts]
) -> LinkPlan:
    """Decide the links of an import, INE by INE, with the rules of schools 4.6 in their order.

    ``births``: INE → birth date of the rows to import. ``records``: every record with an account, in every school, that
    has one of these INEs **or whose account has one** (rules 2 and 4 look at all that an account is attached to).
    """
    everywhere = list(records)
    by_ine: dict[str, list[AccountRecord]] = defaultdict(list)
    ines_of: dict[int, set[str]] = defaultdict(set)
    here_of: dict[int, set[str]] = defaultdict(set)
    for record in everywhere:
        ine = record.ine.strip().upper()
        if ine:
            by_ine[ine].append(record)
            ines_of[record.account].add(ine)
        if record.here:
            here_of[record.account].add(ine)

    chosen = {ine: _chosen(by_ine[ine], accounts) for ine in births if ine and by_ine.get(ine)}
    times: dict[int, int] = defaultdict(int)
    for account in chosen.values():
        times[account] += 1

    links: dict[str, int] = {}
    refused: list[RefusedLink] = []
    for ine, account in chosen.items():
        rule: LinkRule | None = None
        of_account = [record for record in by_ine[ine] if record.account == account]
        if len(ines_of[account]) > 1:
            rule = LinkRule.SEVERAL_INES
        elif times[account] > 1:
            rule = LinkRule.TWO_PUPILS
        elif here_of[account] - {ine}:
            rule = LinkRule.USED_HERE
        elif not any(record.here or record.birth_date == births[ine] for record in of_account):
            rule = LinkRule.OTHER_BIRTH_DATE
        if rule:
            refused.append(RefusedLink(ine, account, rule))
        else:
            links[ine] = account
    before = {ine: record.account for ine in births for record in by_ine.get(ine, ()) if record.here}
    return LinkPlan(
        accounts=links,
        made=tuple(ine for ine, account in links.items() if before.get(ine) != account),
        removed=tuple(ine for ine in before if ine not in links),
        refused=tuple(refused),
    )


def _chosen(records: Iterable[AccountRecord], accounts: Mapping[int, AccountFacts]) -> int:
    """Rule 1: most certifications, then most recently updated; the key last, so that the choice never wavers."""

    def worth(account: int) -> tuple[int, datetime, int]:
        facts = accounts[account]
        return facts.certifications, facts.updated_at, account

    return max({record.account for record in records}, key=worth)
