"""Decisions about teams, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from pix.organizations.enums import InvitationState, Role
from pix.organizations.rules import addresses_in, is_uai, keeps_an_admin, normal_uai, role_of_newcomer, state_at

SENT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" , ;\n", []),
        ("A@b.fr", ["a@b.fr"]),
        ("a@b.fr,c@d.fr", ["a@b.fr", "c@d.fr"]),
        ("a@b.fr; c@d.fr\r\ne@f.fr g@h.fr", ["a@b.fr", "c@d.fr", "e@f.fr", "g@h.fr"]),
        ("a@b.fr, A@B.fr", ["a@b.fr"]),
    ],
)
def test_addresses_in(text: str, found: list[str]) -> None:
    assert addresses_in(text) == found


def test_a_column_of_forty_addresses() -> None:
    assert len(addresses_in("\n".join(f"prof{n}@college.test" for n in range(40)))) == 40


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        (" 0999001a ", True),
        ("0999001A", True),
        ("999001A", False),
        ("09990011", False),
        ("0999001AB", False),
        ("", False),
    ],
)
def test_uai(typed: str, good: bool) -> None:
    assert is_uai(normal_uai(typed)) is good


def test_an_invitation_lives_a_year() -> None:
    year = SENT + timedelta(days=365)
    assert state_at(InvitationState.PENDING, SENT, year - timedelta(seconds=1)) is InvitationState.PENDING
    assert state_at(InvitationState.PENDING, SENT, year) is InvitationState.EXPIRED
    assert state_at(InvitationState.ACCEPTED, SENT, year) is InvitationState.ACCEPTED


@pytest.mark.parametrize(
    ("invited", "empty", "role"),
    [
        (None, True, Role.ADMIN), (None, False, Role.MEMBER), (Role.MEMBER, True, Role.MEMBER), (Role.ADMIN, False, Role.ADMIN),
    ],
)  # fmt: skip
def test_role_of_newcomer(invited: Role | None, empty: bool, role: Role) -> None:
    assert role_of_newcomer(invited, team_is_empty=empty) is role


def test_keeps_an_admin() -> None:
    assert keeps_an_admin([1, 2], 1)
    assert not keeps_an_admin([1], 1)
    assert not keeps_an_admin([], 1)
