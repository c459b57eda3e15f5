"""Each gate of the bank refuses what it must, with the line where the author wrote it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pix.content import variants
from pix.content.check import check, report
from pix.content.commands import bank_build, bank_check
from pix.content.releases import load
from pix.content.source import Problem, Sources
from pix.generators.contract import Draw, Verdict

Write = Callable[[str], Sources]

GOOD = """\
- id: a
  template: QCU
  instruction: "Où écrit-on l'adresse d'un site ?"
  proposals: |-
    - dans la barre d'adresse
    - dans la corbeille
  solution: "1"
  explanation: "La barre d'adresse est en haut du navigateur."
- id: b
  template: QROC
  instruction: "Quel est le domaine de `https://{{ site }}/accueil` ?"
  proposals: "${domaine}"
  solution: "{{ site }}"
  explanation: "Le domaine est {{ site }}."
  draw: {site: [brumeville.test, galets.test]}
"""


def found(sources: Sources, **options: bool) -> list[Problem]:
    return check(sources, **options).problems


def test_good_questions_pass(write: Write) -> None:
    sources = write(GOOD)
    checked = check(sources)
    assert checked.problems == []
    assert report(sources, checked) == {
        "competences": 1,
        "sujets": 1,
        "acquis": 1,
        "declared": 2,
        "questions": 2,
        "practical": 0,
        "generated": 1,
        "simulators": 0,
        "problems": [],
    }


def one(template: str, **keys: str) -> str:
    """One question in YAML; every key on its own line so that lines can be told."""
    lines = {
        "instruction": '"Que choisis-tu ?"',
        "explanation": '"Parce que."',
        "proposals": '"- un\\n- deux"',
        "solution": '"1"',
    } | keys
    return f"- id: a\n  template: {template}\n" + "".join(f"  {k}: {v}\n" for k, v in lines.items() if v)


LONG = " ".join(["mot"] * 61)

REFUSED = [
    # template, keys changed, code, key whose line is told
    ("QCU", {"solution": '"3"'}, "solution", "solution"),
    ("QCU", {"solution": '"1, 2"'}, "solution", "solution"),
    ("QCU", {"solution": '"un"'}, "solution", "solution"),
    ("QCU", {"proposals": '"- un\\n- un"'}, "proposals", "proposals"),
    ("QCU", {"proposals": '"- un"'}, "proposals", "proposals"),
    ("QCM", {"solution": '"1"'}, "solution", "solution"),
    ("QROC", {"proposals": '"${a} ${b}"'}, "fields", "proposals"),
    ("QROC", {"proposals": '"${a}"', "solution": '""'}, "solution", "solution"),
    ("QROCM-ind", {"proposals": '"${a} ${b}"', "solution": '"a: [x]"'}, "solution", "solution"),
    ("QROCM-ind", {"proposals": '"${a}"', "solution": '"x"'}, "solution", "solution"),
    ("QROCM-ind", {"proposals": '"${a}"', "solution": '"a: ["'}, "solution", "solution"),
    ("QROCM-dep", {"proposals": '"${a} ${b}"', "solution": '"a: [x]"'}, "solution", "solution"),
    ("QROC", {"proposals": '"${a}"', "solution": '"3,5"'}, "decimal", "solution"),
    ("QROC", {"proposals": '"${a}"', "solution": '"https"'}, "tolerance", "solution"),
    ("QCU", {"instruction": f'"{LONG} ?"'}, "length", "instruction"),
    ("QCU", {"explanation": ""}, "explanation", ""),
    ("QCU", {"instruction": '"![Une plage](plage.png) Où ?"'}, "credits", "instruction"),
    ("QCU", {"instruction": '"![Une plage](https://x.test/p.png) Où ?"', "credits": '"CC0"'}, "medium", "instruction"),
    ("QCU", {"instruction": '"Où cliques-tu?"'}, "typography", "instruction"),
    ("QCU", {"explanation": '"Le mot «parcours»."'}, "typography", "explanation"),
    ("QCU", {"instruction": "'Le mot \"parcours\" ?'"}, "quotes", "instruction"),
    ("QCU", {"instruction": '"Ouvre Google et cherche."'}, "brand", "instruction"),
    ("QCU", {"instruction": '"Écris à lea@courrier-rapide.fr."'}, "address", "instruction"),
    ("QCU", {"instruction": '"Ouvre {{ rien }}"'}, "variant", "instruction"),
    ("QCU", {"draw": "{mot: []}"}, "draw", "draw"),
    ("QCU", {"timer": "0"}, "timer", "timer"),
    ("QCU", {"params": "{x: 1}"}, "params", "params"),
    ("QZZ", {}, "template", "template"),
    ("QCU", {"minuts": "2"}, "schema", "minuts"),
    ("QCU", {"solution": "1"}, "schema", "solution"),
    ("QCU", {"devices": '["montre"]'}, "schema", "devices"),
]


@pytest.mark.parametrize(("template", "keys", "code", "key"), REFUSED)
def test_refused(write: Write, template: str, keys: dict[str, str], code: str, key: str) -> None:
    text = one(template, **keys)
    sources = write(text)
    problems = found(sources)
    assert code in {problem.code for problem in problems}
    problem = next(problem for problem in problems if problem.code == code)
    assert problem.file.endswith("bank/1/1.1.1.yaml")
    if key:
        own = next(n for n, line in enumerate(text.split("\n")) if line.startswith(f"  {key}:"))
        assert problem.line == 10 + own


def test_straight_quotes_are_welcome_in_code(write: Write) -> None:
    assert found(write(one("QCU", instruction="'Que trouve `\"chat noir\"` ?'"))) == []


def test_real_public_services_may_be_named(write: Write) -> None:
    assert found(write(one("QCU", instruction='"Ouvre https://www.cnil.fr et lis."'))) == []


def test_one_bad_question_does_not_hide_the_others(write: Write) -> None:
    bad = one("QCU", solution="1").replace("id: a", "id: z")
    sources = write(bad + GOOD)
    checked = check(sources)
    assert [problem.code for problem in checked.problems] == ["schema"]
    assert checked.faulty == {"1.1.1-N1-z"}
    assert not checked.structural
    assert report(sources, checked)["questions"] == 2


def test_same_id_twice(write: Write) -> None:
    assert {p.code for p in found(write(GOOD.replace("id: b", "id: a")))} == {"duplicate"}


def test_word_for_word_sibling(write: Write) -> None:
    assert {p.code for p in found(write(one("QCU") + one("QCU").replace("id: a", "id: b")))} == {"twin"}


def test_skill_without_tutorial_is_a_warning(write: Write, tmp_path: Path) -> None:
    write(GOOD)
    path = tmp_path / "bank/1/1.1.1.yaml"
    path.write_text(path.read_text("utf-8").replace("    tutorials: [tuto-adresses]\n", ""), "utf-8")
    problems = found(variants_sources(tmp_path))
    assert [(p.severity, p.code, p.line) for p in problems] == [("avertissement", "tutorial", 6)]


def variants_sources(tmp_path: Path) -> Sources:
    from pix.content.source import read

    return read(tmp_path / "bank")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("[tuto-adresses]", "[inconnu]"), "unknown"),
        (('id: "1.1.1"', 'id: "1.2.1"'), "unknown"),
        (('id: "1.1.1"', 'id: "1.1.2"'), "file-name"),
        (("id: N2", "id: N1"), "levels"),
        (("id: N2", "id: N9"), "levels"),
        (('"00:03:00"', '"3 min"'), "duration"),
    ],
)
def test_frame_of_a_sujet(write: Write, tmp_path: Path, change: tuple[str, str], code: str) -> None:
    write(GOOD)
    path = tmp_path / "bank/1/1.1.1.yaml"
    path.write_text(path.read_text("utf-8").replace(*change), "utf-8")
    checked = check(variants_sources(tmp_path))
    assert code in {problem.code for problem in checked.problems}
    assert checked.structural


PARCOURS = """\
code: "x"
name: "[CLG] Essai"
category: "Autres"
description: "Essai."
published: %s
sujets:
  - {id: "%s", cap: %d}
stages:
  - {threshold: %d, title: "a", message: "b"}
"""


@pytest.mark.parametrize(
    ("published", "sujet", "cap", "threshold", "codes"),
    [
        ("false", "1.1.1", 2, 0, set()),
        ("true", "1.1.1", 1, 0, set()),
        ("true", "1.1.1", 2, 0, {"few-questions"}),
        ("false", "9.9.9", 2, 0, {"unknown"}),
        ("false", "1.1.1", 0, 0, {"cap"}),
        ("false", "1.1.1", 9, 0, {"cap"}),
        ("false", "1.1.1", 2, 10, {"stages"}),
    ],
)
def test_parcours(
    write: Write, tmp_path: Path, published: str, sujet: str, cap: int, threshold: int, codes: set[str]
) -> None:
    write(GOOD)
    folder = tmp_path / "bank/parcours"
    folder.mkdir()
    (folder / "x.yaml").write_text(PARCOURS % (published, sujet, cap, threshold), "utf-8")
    assert {problem.code for problem in found(variants_sources(tmp_path))} == codes


def gabarit(monkeypatch: pytest.MonkeyPatch, make: Callable[..., Draw]) -> None:
    monkeypatch.setattr(variants, "_registry", lambda: ({"GEN": make}, {"EXPLO": make, "TTX": make, "ZONE": make}))


FAIL = Verdict(False, ("rien n'est fait",))
DONE = {"fait": True}


def judge(value: Any) -> Verdict:
    return Verdict(True) if value == DONE else FAIL


@pytest.mark.parametrize(
    ("draw", "code"),
    [
        (Draw(state=DONE, check=judge, solve=lambda: DONE, shown_solution="x"), "already-right"),
        (Draw(state={"a": 1}, check=lambda value: Verdict(value["b"]), solve=lambda: {"b": True}), "check-crash"),
        (Draw(state={"a": 1}, check=judge), "no-example"),
        (Draw(state={"a": 1}, check=judge, solve=lambda: {"fait": False}), "example-refused"),
        (Draw(state={"a": 1}, check=judge, solve=lambda: {"fait": {1}}), "example-refused"),
        (Draw(state={"goals": []}, check=judge, solve=lambda: DONE, shown_solution="x"), "state-tells"),
        (
            Draw(
                state={"t": "Mets « plage » dans Images"},
                check=judge,
                solve=lambda: DONE,
                shown_solution="Mets « plage » dans Images",
            ),
            "state-tells",
        ),
        (Draw(state={"a": {1}}, check=judge, solve=lambda: DONE, shown_solution="x"), "state"),
        (Draw(state={"a": 1}), "gabarit"),
    ],
)
def test_simulators(write: Write, monkeypatch: pytest.MonkeyPatch, draw: Draw, code: str) -> None:
    gabarit(monkeypatch, lambda rng, params: draw)
    problems = found(write(one("TTX", proposals="", solution="", params="{x: 1}")))
    assert {problem.code for problem in problems} == {code}


def test_an_answer_to_point_at_may_be_shown(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Draw(state={"t": "Ligne de l'auteur"}, check=judge, solve=lambda: DONE, shown_solution="Ligne de l'auteur")
    gabarit(monkeypatch, lambda rng, params: draw)
    assert found(write(one("ZONE", proposals="", solution="", params="{x: 1}"))) == []


def test_simulator_counts_as_practical(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    gabarit(monkeypatch, lambda rng, params: Draw(state={"a": 1}, check=judge, solve=lambda: DONE))
    sources = write(one("EXPLO", proposals="", solution="", params="{x: 1}"))
    figures = report(sources, check(sources))
    assert (figures["practical"], figures["simulators"], figures["generated"]) == (1, 1, 0)


IMPOSSIBLE = """\
- id: a
  template: EXPLO
  instruction: "Range **a.odt**."
  explanation: "x"
  params:
    files: [a.odt, b.odt]
    goals: [{moved: {file: a.odt, to: Club}}, {deleted: a.odt}]
"""


def test_goals_that_contradict_each_other_are_found_with_their_line(write: Write) -> None:
    problems = found(write(IMPOSSIBLE))
    assert {(p.severity, p.code, p.line) for p in problems} == {("erreur", "example-refused", 14)}
    assert "« a.odt »" in problems[0].text


GENERATED = one("QROC", proposals='"${a}"', solution="", generator="{code: GEN}")


def test_generator_that_is_not_repeatable(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    count = iter(range(10**6))
    gabarit(monkeypatch, lambda rng, params: Draw(solution=str(next(count))))
    assert {p.code for p in found(write(GENERATED))} == {"not-repeatable"}


def test_generator_that_crashes(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    gabarit(monkeypatch, lambda rng, params: Draw(solution=str(1 // rng.randrange(3))))
    assert {p.code for p in found(write(GENERATED))} == {"variant-crash"}


@pytest.mark.parametrize(("sides", "codes"), [(1000, set()), (20, set()), (8, {"spread"})])
def test_answers_are_spread(write: Write, monkeypatch: pytest.MonkeyPatch, sides: int, codes: set[str]) -> None:
    gabarit(monkeypatch, lambda rng, params: Draw(solution=str(rng.randrange(sides))))
    assert {p.code for p in found(write(GENERATED), deep=True)} == codes


def test_validators_of_higher_rooms_are_heard(write: Write) -> None:
    checked = check(write(GOOD), validators=[lambda question, variant: [f"refusé : {variant.solution}"]])
    assert [p.code for p in checked.problems if "refusé : 1" in p.text] == ["engine"]


REAL = """\
- id: a
  template: EXPLO
  instruction: "Range **affiche.odt** dans un dossier **{{ dossier }}** que tu crées."
  explanation: "On crée le dossier, puis on y glisse le fichier."
  draw: {dossier: [Club, Sorties, Musée]}
  params:
    files: [affiche.odt, cours-anglais.odt, notes.txt]
    tools: [create, move]
    goals: [{folder: "{{ dossier }}"}, {only_in: {files: [affiche.odt], folder: "{{ dossier }}"}}]
- id: b
  template: QROC
  instruction: "{{ p1 }} achète {{ lot }} gourdes à {{ prix }} €. Combien paie {{ p1 }} ?"
  proposals: "${total} €"
  solution: "{{ lot }}"
  format: nombre
  explanation: "On multiplie."
  generator: {code: MONDE, params: {people: 1, digits: {prix: [12, 48], lot: [3, 9]}}}
- id: c
  template: EXPLO
  instruction: "Range."
  explanation: "x"
  params: {files: [a.odt], goal: []}
"""


def test_real_gabarits_and_generators(write: Write) -> None:
    sources = write(REAL)
    checked = check(sources)
    assert {(p.code, p.text.partition(" ")[0]) for p in checked.problems} == {("variant", "1.1.1-N1-c")}
    figures = report(sources, checked)
    assert [figures[key] for key in ("questions", "practical", "generated", "simulators")] == [2, 1, 2, 1]


def test_examples_of_the_authoring_guide_are_right(write: Write) -> None:
    guide = (Path(__file__).parents[2] / "docs/authoring.md").read_text("utf-8")
    examples = re.findall(r"```yaml\n(- id: .*?)```", guide, re.DOTALL)
    checked = check(write("".join(examples)))
    assert checked.problems == []
    assert checked.questions == 5


# --- commands


def test_commands(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(GOOD)
    bank, output = str(tmp_path / "bank"), tmp_path / "releases"
    assert bank_check([bank, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["questions"] == 2
    assert bank_build([bank, "--out", str(output), "--json"]) == 0
    built = json.loads(capsys.readouterr().out)
    assert len(load(output / f"{built['release']}.json.gz").questions) == 2
    assert bank_check([str(tmp_path / "nowhere")]) == 2


def test_a_wrong_bank_is_not_built(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(GOOD.replace('solution: "1"', 'solution: "7"'))
    bank, output = str(tmp_path / "bank"), tmp_path / "releases"
    assert bank_check([bank]) == 1
    assert "1.1.1.yaml:16: erreur [solution] 1.1.1-N1-a" in capsys.readouterr().out
    assert bank_build([bank, "--out", str(output)]) == 1
    assert not output.exists()
    assert bank_build([bank, "--out", str(output), "--lenient", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.strip().split("\n")[-1])["left_out"] == ["1.1.1-N1-a"]
