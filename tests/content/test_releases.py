"""Releases: the same bank gives the same bytes, a damaged file is refused, older ones stay loadable."""

import gzip
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from pix.content import releases
from pix.content.bank import Bank
from pix.content.compiler import compile_release, encode
from pix.content.releases import ReleaseDamaged, ReleaseMissing
from pix.content.releases import write as write_release
from pix.content.source import Sources, read

Write = Callable[[str], Sources]

QUESTION = """\
- {{id: {id}, template: QCU, status: {status}, locale: {locale}, devices: {devices}, instruction: "Où ?", proposals: "- a\\n- b", solution: "1", explanation: "x"}}
"""


def line(
    identifier: str, status: str = "validé", locale: str = "fr", devices: str = "[ordi, tablette, téléphone]"
) -> str:
    return QUESTION.format(id=identifier, status=status, locale=locale, devices=devices)


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    kept = (releases._folder, releases._wanted, releases._current)
    yield
    releases._folder, releases._wanted, releases._current = kept
    releases._older.clear()


def test_same_sources_same_bytes(sources: Sources, tmp_path: Path) -> None:
    release = compile_release(sources)
    assert encode(release) == encode(compile_release(sources))
    first = write_release(release, tmp_path / "a")
    second = write_release(release, tmp_path / "b")
    assert first == second
    assert (tmp_path / "a" / f"{first}.json.gz").read_bytes() == (tmp_path / "b" / f"{first}.json.gz").read_bytes()


def test_what_is_loaded_is_what_was_compiled(sources: Sources, tmp_path: Path) -> None:
    release = compile_release(sources)
    identifier = write_release(release, tmp_path)
    begun = time.perf_counter()
    bank = releases.load(tmp_path / f"{identifier}.json.gz")
    assert time.perf_counter() - begun < 0.3
    assert bank.id == identifier
    assert tuple(bank.skills.values()) == release.skills
    assert tuple(bank.questions.values()) == release.questions
    assert tuple(bank.parcours.values()) == release.parcours


def test_current_follows_the_last_build_and_older_stay(write: Write, tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    ids = [write_release(compile_release(write(line(name))), folder) for name in "abcdefg"]
    assert len(set(ids)) == 7
    releases.configure(folder)
    assert releases.current().id == ids[-1]
    assert releases.current() is releases.current()
    for identifier in ids:
        assert releases.get(identifier).id == identifier
    assert releases.get(ids[-1]) is releases.current()
    assert len(releases._older) == releases.OLDER_KEPT
    releases.configure(folder, ids[2])
    assert releases.current().id == ids[2]


def test_threads_get_one_bank(write: Write, tmp_path: Path) -> None:
    write_release(compile_release(write(line("a"))), tmp_path / "r")
    releases.configure(tmp_path / "r")
    with ThreadPoolExecutor(8) as pool:
        banks = list(pool.map(lambda _: releases.current(), range(32)))
    assert {id(bank) for bank in banks} == {id(banks[0])}


def test_missing_and_damaged(write: Write, tmp_path: Path) -> None:
    folder = tmp_path / "r"
    releases.configure(folder)
    with pytest.raises(ReleaseMissing, match="pix bank build"):
        releases.current()
    identifier = write_release(compile_release(write(line("a"))), folder)
    with pytest.raises(ReleaseMissing):
        releases.get("../../etc/passwd")
    path = folder / f"{identifier}.json.gz"
    payload = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(payload.replace(b"Essai", b"Autre")))
    with pytest.raises(ReleaseDamaged, match="holds release"):
        releases.get(identifier)
    path.write_bytes(b"not a gzip file")
    with pytest.raises(ReleaseDamaged, match="unpacked"):
        releases.get(identifier)


def test_a_newer_format_is_refused(write: Write, tmp_path: Path) -> None:
    release = msgspec.structs.replace(compile_release(write(line("a"))), format=99)
    identifier = write_release(release, tmp_path / "r")
    with pytest.raises(ReleaseDamaged, match="format 99"):
        releases.load(tmp_path / "r" / f"{identifier}.json.gz")


def bank_of(sources: Sources) -> Bank:
    return Bank(compile_release(sources), "x" * 64)


def test_frames(write: Write) -> None:
    questions = (
        line("a", locale="en") + line("b", "archivé") + line("c") + line("d", "proposé") + line("e", locale="nl")
    )
    bank = bank_of(write(questions))
    skill = "1.1.1-N1"
    assert [q.id for q in bank.frame_questions(skill)] == [f"{skill}-c", f"{skill}-a"]
    assert [q.id for q in bank.frame_questions(skill, operative=True)] == [f"{skill}-b", f"{skill}-c", f"{skill}-a"]
    assert [q.id for q in bank.frame_questions(skill, ("nl",))] == [f"{skill}-e"]
    assert bank.frame_questions("9.9.9-N1") == ()


@pytest.mark.parametrize(
    ("question", "frozen"),
    [(line("a"), ["1.1.1-N1"]), (line("a", "archivé"), []), (line("a", "proposé"), []), (line("a", locale="nl"), [])],
)
def test_freezing_keeps_active_playable_skills(write: Write, question: str, frozen: list[str]) -> None:
    bank = bank_of(write(question))
    assert [skill.id for skill in bank.skills_of_tubes([("1.1.1", 8)])] == frozen
    assert [skill.id for skill in bank.skills_of_run("1.1")] == frozen


@pytest.mark.parametrize("status", ["archivé", "périmé", "en construction"])
def test_an_inactive_skill_is_not_frozen(write: Write, tmp_path: Path, status: str) -> None:
    write(line("a"))
    path = tmp_path / "bank/1/1.1.1.yaml"
    path.write_text(path.read_text("utf-8").replace("  - id: N1\n", f"  - id: N1\n    status: {status}\n"), "utf-8")
    assert bank_of(read(tmp_path / "bank")).skills_of_tubes([("1.1.1", 8)]) == ()


def test_freezing_of_the_shipped_parcours_obeys_caps(bank: Bank) -> None:
    skills = bank.skills_of_parcours("5e")
    caps = {tube.id: tube.cap for tube in bank.parcours["5e"].tubes}
    assert all(skill.level <= caps[skill.tube] and bank.is_playable(skill.id) for skill in skills)
    assert [bank.skill_order[s.id] for s in skills] == sorted(bank.skill_order[s.id] for s in skills)


@pytest.mark.parametrize(
    ("devices", "any_device"), [("[ordi, tablette, téléphone]", True), ("[ordi, tablette]", False), ("[ordi]", False)]
)
def test_device_badge(write: Write, devices: str, any_device: bool) -> None:
    bank = bank_of(write(line("a") + line("b", devices=devices)))
    assert bank.any_device([("1.1.1", 8)]) is any_device
