"""Which accounts an import links: schools 4.6, cases 51 to 54."""

from datetime import UTC, date, datetime

import pytest

from pix.learners.rules import AccountFacts, AccountRecord, LinkRule, link_accounts

BORN, OTHER = date(2012, 5, 4), date(2011, 1, 1)
INE, INE2, INE3 = "0000000001A", "0000000002A", "0000000003A"
RECENT, OLD = datetime(2026, 9, 1, tzinfo=UTC), datetime(2024, 9, 1, tzinfo=UTC)
ACCOUNTS = {1: AccountFacts(0, RECENT), 2: AccountFacts(2, OLD), 3: AccountFacts(0, OLD)}
_PUPIL = iter(range(1, 10_000))


def record(account: int, ine: str = INE, *, born: date | None = BORN, here: bool = False) -> AccountRecord:
    return AccountRecord(account, ine, born, here, next(_PUPIL))


CASES = [
    ("52-same-birth-date", [record(1)], {INE: 1}, None),
    ("52-other-birth-date", [record(1, born=OTHER)], {}, LinkRule.OTHER_BIRTH_DATE),
    ("52-no-birth-date", [record(1, born=None)], {}, LinkRule.OTHER_BIRTH_DATE),
    ("5-same-school-corrected-birth-date", [record(1, born=OTHER, here=True)], {INE: 1}, None),
    ("5-here-and-elsewhere", [record(1, born=OTHER), record(1, born=OTHER, here=True)], {INE: 1}, None),
    ("53-two-ines", [record(1), record(1, INE3)], {}, LinkRule.SEVERAL_INES),
    ("53-used-here-under-another-ine", [record(1), record(1, INE3, here=True)], {}, LinkRule.SEVERAL_INES),
    ("53-used-here-without-ine", [record(1), record(1, "", here=True)], {}, LinkRule.USED_HERE),
    ("54-most-certifications", [record(1), record(2)], {INE: 2}, None),
    ("1-most-recently-updated", [record(3), record(1)], {INE: 1}, None),
    ("ine-in-lower-case", [record(1, INE.lower())], {INE: 1}, None),
    ("nothing-known", [], {}, None),
]


@pytest.mark.parametrize(("records", "links", "rule"), [pytest.param(*case, id=i) for i, *case in CASES])
def test_one_pupil(records: list[AccountRecord], links: dict[str, int], rule: LinkRule | None) -> None:
    found = link_accounts({INE: BORN}, records, ACCOUNTS)
    assert found.accounts == links
    assert [refused.rule for refused in found.refused] == ([rule] if rule else [])


def test_51_an_account_found_for_two_pupils_of_the_file() -> None:
    births = {INE: BORN, INE2: BORN, INE3: BORN}
    found = link_accounts(births, [record(1), record(1, INE2), record(3, INE3)], ACCOUNTS)
    assert found.accounts == {INE3: 3}
    assert {refused.ine for refused in found.refused} == {INE, INE2}


def test_17_a_blank_ine_finds_nobody() -> None:
    found = link_accounts({"": BORN, INE: BORN}, [record(1, ""), record(3, " ")], ACCOUNTS)
    assert found.accounts == {}
    assert found.refused == ()


def test_made_and_removed_compare_with_the_school_s_present_links() -> None:
    births = {INE: BORN, INE2: BORN, INE3: BORN}
    records = [
        record(1, here=True),  # stays
        record(2, INE2),  # arrives from another school
        record(3, INE3, here=True),  # shared with a fourth INE: goes
        record(3, "0000000004A"),
    ]
    found = link_accounts(births, records, ACCOUNTS)
    assert (found.made, found.removed) == ((INE2,), (INE3,))
    assert found.accounts == {INE: 1, INE2: 2}


def test_a_better_account_elsewhere_replaces_the_school_s_own() -> None:
    found = link_accounts({INE: BORN}, [record(1, here=True), record(2)], ACCOUNTS)
    assert (found.accounts, found.made, found.removed) == ({INE: 2}, (INE,), ())


def test_order_of_records_does_not_matter() -> None:
    records = [record(1), record(2), record(3)]
    tied = {account: AccountFacts(1, OLD) for account in (1, 2, 3)}
    assert link_accounts({INE: BORN}, records, tied) == link_accounts({INE: BORN}, records[::-1], tied)
