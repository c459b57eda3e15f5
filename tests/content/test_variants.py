"""One pupil's variant: the same seed rebuilds it, values are escaped, nothing is left unfilled."""

import random
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from pix.content import variants
from pix.content.compiler import compile_question
from pix.content.schema import Question
from pix.content.variants import MissingPlaceholder, VariantError, instantiate, variant_seed
from pix.generators.contract import BadParams, Draw, File, Verdict

SEED = variant_seed(b"secret", "p1", "1.1.1-N1-a", "1", 1)


def question(**keys: Any) -> Any:
    authored = {"id": "a", "template": "QROC", "instruction": "?"} | keys
    return compile_question("1.1.1-N1", msgspec.convert(authored, Question))


def zip_of_words(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    if set(params) - {"prefix"}:
        raise BadParams(f"unknown key: {sorted(set(params) - {'prefix'})[0]}")
    word = f"{params.get('prefix', '')}{rng.randrange(10**6)}"
    file = File("mots.txt", "text/plain", word.encode)
    return Draw(values={"fichier": "mots.txt"}, solution=word, files=(file,), shown_solution=f"Le mot {word}")


def explorer(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    return Draw(
        values={"racine": rng.choice(["Documents", "Travail"])},
        state={"gabarit": "EXPLO", "files": list(params["files"]), "size": params.get("size")},
        check=lambda value: Verdict(isinstance(value, dict) and value.get("moved") is True),
        shown_solution="Le fichier est dans le dossier.",
    )


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variants, "_registry", lambda: ({"MOTS": zip_of_words}, {"EXPLO": explorer}))


def test_seed_depends_on_each_part() -> None:
    seeds = {
        SEED,
        variant_seed(b"autre", "p1", "1.1.1-N1-a", "1", 1),
        variant_seed(b"secret", "p2", "1.1.1-N1-a", "1", 1),
        variant_seed(b"secret", "p1", "1.1.1-N1-b", "1", 1),
        variant_seed(b"secret", "p1", "1.1.1-N1-a", "2", 1),
        variant_seed(b"secret", "p1", "1.1.1-N1-a", "1", 2),
        variant_seed(b"secret", "p11.1.1-N1-a", "", "1", 1),
    }
    assert len(seeds) == 7
    assert all(len(seed) == 32 for seed in seeds)
    assert variant_seed(b"secret", "p1", "1.1.1-N1-a", "1", 1) == SEED


def test_a_question_without_draw_is_shown_as_written() -> None:
    shown = instantiate(question(instruction="Où ?", proposals="${lieu}", solution="ici\nlà"), SEED)
    assert (shown.instruction_html, shown.proposals, shown.solution) == ("<p>Où\u202f?</p>", "${lieu}", "ici\nlà")
    assert (shown.files, shown.state, shown.check) == ((), None, None)


def test_draw_fills_every_text_with_the_same_value() -> None:
    drawn = question(
        instruction="Combien pour **{{ lot.name }}** ?",
        proposals="${prix}",
        solution="{{ lot.price }}",
        explanation="C'est {{ lot.price }} €.",
        read_aloud="Combien pour {{ lot.name }}",
        draw={"lot": [{"name": f"lot {i}", "price": i + 0.5} for i in range(30)]},
    )
    first, second = instantiate(drawn, SEED), instantiate(drawn, SEED)
    assert first == second
    name = first.read_aloud.removeprefix("Combien pour ")
    assert f"<strong>{name}</strong>" in first.instruction_html
    assert first.solution == f"{int(name.split()[1])},5"
    assert first.solution in first.explanation_html
    solutions = {instantiate(drawn, variant_seed(b"s", str(i), "q", "1", 1)).solution for i in range(200)}
    assert len(solutions) > 20


def test_values_are_escaped_in_html_only() -> None:
    drawn = question(instruction="{{ mot }}", proposals="- {{ mot }}", draw={"mot": ["<b>&\"'"]})
    shown = instantiate(drawn, SEED)
    assert shown.instruction_html == "<p>&lt;b&gt;&amp;&quot;&#x27;</p>"
    assert shown.proposals == "- <b>&\"'"


def test_values_take_french_spaces_where_they_are_read() -> None:
    drawn = question(instruction="{{ mot }}", solution="{{ mot }}", draw={"mot": ["Qui est là ?"]})
    shown = instantiate(drawn, SEED)
    assert (shown.instruction_html, shown.solution) == ("<p>Qui est là\u202f?</p>", "Qui est là ?")


@pytest.mark.parametrize("key", ["instruction", "alternative", "explanation", "proposals", "solution", "read_aloud"])
def test_a_missing_value_is_an_error(key: str) -> None:
    with pytest.raises(MissingPlaceholder, match="ville"):
        instantiate(question(**{key: "{{ ville.nom }}"}, draw={"autre": ["x"]}), SEED)


@pytest.mark.usefixtures("registry")
def test_generator_gives_answer_and_file_from_one_draw() -> None:
    drawn = question(
        instruction="Ouvre {{ fichier }}",
        proposals="${mot}",
        draw={"lettre": ["q"]},
        generator={"code": "MOTS", "params": {"prefix": "{{ lettre }}"}},
    )
    shown = instantiate(drawn, SEED)
    assert shown.instruction_html == "<p>Ouvre mots.txt</p>"
    assert shown.solution.startswith("q")
    assert shown.files[0].build() == shown.solution.encode()
    assert shown.shown_solution == f"Le mot {shown.solution}"


@pytest.mark.usefixtures("registry")
def test_gabarit_gets_params_filled_and_typed() -> None:
    drawn = question(
        template="EXPLO",
        instruction="Ouvre {{ racine }}",
        draw={"dossier": ["SVT"], "poids": [12]},
        params={"files": ["{{ dossier }}/volcan.odt"], "size": "{{ poids }}"},
    )
    shown = instantiate(drawn, SEED)
    assert shown.state == {"gabarit": "EXPLO", "files": ["SVT/volcan.odt"], "size": 12}
    assert shown.check is not None
    assert shown.check({"moved": True}).ok
    assert "{{" not in shown.instruction_html


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    ("generator", "message"),
    [({"code": "MOTS", "params": {"foo": 1}}, "foo"), ({"code": "INCONNU"}, "INCONNU")],
)
def test_bad_generator_is_told_to_the_author(generator: dict[str, Any], message: str) -> None:
    with pytest.raises(VariantError, match=message):
        instantiate(question(generator=generator), SEED)
