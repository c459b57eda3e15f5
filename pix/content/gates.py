"""Gates that one question must pass, on what is written and on what a pupil would see; each finding names its key."""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from pix.content.markup import PLACEHOLDER, to_text
from pix.content.release import Question
from pix.content.schema import CLASSIC_TEMPLATES, INTERACTIVE_TEMPLATES
from pix.content.schema import Question as Authored
from pix.content.source import Severity
from pix.content.variants import Variant
from pix.generators.contract import Returned, Verdict

WORDS_AT_MOST = 60
"""Words of an instruction at levels 1 to 3 (content plan 8)."""

Validator = Callable[[Question, Variant], Iterable[str]]
"""A gate that lives above this room (the engine's own reader): gives messages for the author, none when all is well."""

BRANDS = re.compile(
    r"\b(?:Google|Gmail|YouTube|Facebook|Instagram|TikTok|Snapchat|WhatsApp|Messenger|Twitter|Discord|Twitch|Telegram|"
    r"LinkedIn|Pinterest|Microsoft|Windows|Outlook|OneDrive|Word|Excel|PowerPoint|Apple|iPhone|iPad|iCloud|macOS|Android|"
    r"Samsung|Amazon|Netflix|Spotify|Dropbox|Chrome|Safari|Bing|ChatGPT|OpenAI|Copilot|Gemini|Pronote|Photoshop|Canva|"
    r"Roblox|Fortnite|Minecraft|PayPal|Leboncoin|Vinted)\b"
)
"""Real products never appear: the bank has its own world (content plan 2)."""

_ADDRESS = re.compile(r"(?:https?://|www\.|[\w.+-]@)((?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)
_INVENTED = (".test", ".example", ".invalid")
_PUBLIC_SERVICES = ("gouv.fr", "cnil.fr", "service-public.fr", "3018.fr", "e-enfance.org")
_CODE_SPAN = re.compile(r"`[^`]*`|\[[^\]]*\]\([^)]*\)|https?://\S+")
_FIELD = re.compile(r"\$\{([^}]*)\}((?:\s+options=\[[^\]]*\])?(?:\s+value=\"[^\"]*\")?)")
_GLUED = re.compile(r"[\w)»\"'…][;!?]+(?=[\s*_)»]|$)|[\w)»\"'];(?=\w)|\w:(?=\s|$)|«(?=[^\s«])|(?<=[^\s»])»")
_DASH = re.compile(r"\n\s*-")
_DECIMAL = re.compile(r"\d[.,]\d")
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)]*)\)")
_WORD = re.compile(r"\w")
_TELLING_KEYS = frozenset({"solution", "goals", "expected", "correct", "right_answer"})
_AMONG_SHOWN = frozenset({"MOTEUR", "NAV", "COMPARE", "EXPLO", "ZONE", "MDP", "PHISH", "QR", "URL", "TROUS", "META"})
"""Templates where the answer is to be found or chosen in what is shown: its text stands there for good."""

VISIBLE = ("instruction", "alternative", "explanation", "proposals", "shown_solution", "read_aloud")


@dataclass(frozen=True, slots=True)
class Finding:
    """``key``: the question's key that has to change."""

    severity: Severity
    code: str
    text: str
    key: str


def error(code: str, key: str, text: str) -> Finding:
    return Finding("erreur", code, text, key)


def warning(code: str, key: str, text: str) -> Finding:
    return Finding("avertissement", code, text, key)


# --- what is written


def written_gates(question: Authored) -> Iterator[Finding]:
    """Gates on the authored object alone."""
    if question.template not in (*CLASSIC_TEMPLATES, *INTERACTIVE_TEMPLATES):
        yield error("template", "template", f"gabarit inconnu : {question.template}")
    if not re.fullmatch(r"[a-z]{1,2}", question.id):
        yield error("question-id", "id", f"« {question.id} » : une ou deux lettres minuscules")
    if not question.instruction.strip():
        yield error("instruction", "instruction", "la consigne est vide")
    if question.status == "validé" and not question.explanation.strip():
        yield error("explanation", "explanation", "l'explication montrée avec la correction manque")
    if not question.devices:
        yield error("devices", "devices", "aucun appareil")
    if question.minutes <= 0:
        yield error("minutes", "minutes", "durée prévue nulle ou négative")
    if question.timer is not None and question.timer < 1:
        yield error("timer", "timer", "durée limitée nulle ou négative")
    for name, values in question.draw.items():
        if not values:
            yield error("draw", "draw", f"la liste « {name} » est vide")
        if not re.fullmatch(r"[^\W\d]\w*", name):
            yield error("draw", "draw", f"« {name} » n'est pas un nom utilisable dans {{{{ }}}}")
    if question.params and question.template in CLASSIC_TEMPLATES:
        yield error("params", "params", "« params » ne sert qu'aux gabarits interactifs")
    yield from _media(question)
    for key in VISIBLE:
        yield from _typography(key, str(getattr(question, key)))
    yield from _world(question)
    yield from _tolerance(question)


def _media(question: Authored) -> Iterator[Finding]:
    for key in ("instruction", "alternative", "explanation"):
        for source in _IMAGE.findall(getattr(question, key)):
            if re.match(r"[a-z]+:|//", source.strip(), re.IGNORECASE):
                yield error("medium", key, f"image prise sur un autre site : {source}")
            if not question.credits.strip():
                yield error("credits", key, "une image demande une ligne « credits »")


def _typography(key: str, text: str) -> Iterator[Finding]:
    plain = _FIELD.sub(" ", _CODE_SPAN.sub(" ", PLACEHOLDER.sub("x", text)))
    if glued := _GLUED.search(plain):
        near = plain[max(0, glued.start() - 12) : glued.end() + 8].replace("\n", " ")
        yield error("typography", key, f"il manque une espace près de « {glued[0]} » (…{near}…)")
    if '"' in plain:
        yield warning("quotes", key, 'guillemets droits : écrire « … », ou `"…"` quand le signe lui-même est le sujet')


def texts(value: Any) -> Iterator[str]:
    """Every text of a value, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)


def _world(question: Authored) -> Iterator[Finding]:
    places: dict[str, Any] = {key: getattr(question, key) for key in (*VISIBLE, "draw", "params", "solution")}
    for key, value in places.items():
        for text in texts(value):
            if brand := BRANDS.search(text):
                yield error("brand", key, f"marque réelle : {brand[0]}")
            for domain in _ADDRESS.findall(text):
                low = domain.lower()
                if not low.endswith(_INVENTED) and not low.endswith(_PUBLIC_SERVICES):
                    yield warning(
                        "address", key, f"adresse qui pourrait exister : {domain} (écrire un domaine en .test)"
                    )


def _tolerance(question: Authored) -> Iterator[Finding]:
    if not question.template.startswith("QROC"):
        return
    if question.treatments.t2 and question.format != "nombre" and _DECIMAL.search(question.solution):
        yield warning("decimal", "solution", "nombre décimal hors du format « nombre » : la virgule serait ignorée")
    if question.treatments.t3 and "http" in question.solution.lower():
        yield warning("tolerance", "solution", "http et https se ressemblent trop : couper le traitement t3")


# --- what a pupil would see


def variant_gates(question: Question, level: int, variant: Variant) -> Iterator[Finding]:
    """Gates on one drawn variant."""
    for key, text in (
        ("instruction", variant.instruction_html),
        ("alternative", variant.alternative_html),
        ("explanation", variant.explanation_html),
        ("proposals", variant.proposals),
        ("solution", variant.solution),
        ("shown_solution", variant.shown_solution),
        ("read_aloud", variant.read_aloud),
    ):
        if "{{" in text or "}}" in text:
            yield error("placeholder", key, "il reste des accolades après le tirage")
    if level <= 3:
        count = sum(1 for word in to_text(variant.instruction_html).split() if _WORD.search(word))
        if count > WORDS_AT_MOST:
            yield error("length", "instruction", f"{count} mots de consigne, {WORDS_AT_MOST} au plus aux niveaux 1 à 3")
    if question.template in INTERACTIVE_TEMPLATES:
        yield from _interactive(question, variant)
    elif question.template in ("QCU", "QCM"):
        yield from _choices(question, variant)
    elif question.template in CLASSIC_TEMPLATES:
        yield from _free(question, variant)


def choices(proposals: str) -> list[str]:
    """Dash list of learning 1.5: a line without dash continues the proposal above."""
    return [part.strip() for part in _DASH.split("\n" + proposals.strip()) if part.strip()]


def _choices(question: Question, variant: Variant) -> Iterator[Finding]:
    listed = choices(variant.proposals)
    if len(listed) < 2:
        yield error("proposals", "proposals", "au moins deux propositions, une par ligne précédée d'un tiret")
    if len(set(listed)) != len(listed):
        yield error("proposals", "proposals", "deux propositions sont identiques")
    tokens = [token.strip() for token in variant.solution.split(",")]
    if not all(re.fullmatch(r"[1-9]\d*", token) for token in tokens):
        yield error("solution", "solution", f"« {variant.solution} » : numéros de propositions attendus")
        return
    if any(int(token) > len(listed) for token in tokens):
        yield error("solution", "solution", f"« {variant.solution} » dépasse le nombre de propositions ({len(listed)})")
    if question.template == "QCU" and len(tokens) != 1:
        yield error("solution", "solution", "un QCU a une seule bonne réponse")
    if question.template == "QCM" and (len(tokens) < 2 or len(set(tokens)) != len(tokens)):
        yield error("solution", "solution", "un QCM a au moins deux bonnes réponses, différentes")


def field_keys(proposals: str) -> list[str]:
    """Keys of the ``${key#placeholder§label}`` markers, in order."""
    return [re.split(r"[#§]|\s+options=|\s+value=", body)[0].strip() for body, _ in _FIELD.findall(proposals)]


def _free(question: Question, variant: Variant) -> Iterator[Finding]:
    keys = field_keys(variant.proposals)
    if "" in keys or len(set(keys)) != len(keys):
        yield error("fields", "proposals", "chaque champ ${nom} a un nom, différent des autres")
    if question.template == "QROC":
        if len(keys) != 1:
            yield error("fields", "proposals", f"un QROC a exactement un champ ${{nom}}, pas {len(keys)}")
        if not variant.solution.strip():
            yield error("solution", "solution", "la solution est vide")
        return
    if not keys:
        yield error("fields", "proposals", "un QROCM a au moins un champ ${nom}")
    try:
        solution = yaml.load(variant.solution, Loader=yaml.BaseLoader)  # noqa: S506 - strings only, no object
    except yaml.YAMLError as problem:
        yield error("solution", "solution", f"solution illisible : {getattr(problem, 'problem', problem)}")
        return
    if not isinstance(solution, dict):
        yield error("solution", "solution", "la solution d'un QROCM est une table « champ : liste de variantes »")
        return
    for key, listed in solution.items():
        values = listed if isinstance(listed, list) else [listed]
        if not values or not all(isinstance(value, str) and value.strip() for value in values):
            yield error("solution", "solution", f"variantes du champ « {key} » illisibles")
    if question.template == "QROCM-dep":
        if len(solution) < len(keys):
            yield error("solution", "solution", f"{len(keys)} champs pour {len(solution)} réponses")
    elif set(solution) != set(keys):
        yield error("solution", "solution", f"champs {sorted(keys)}, solution {sorted(solution)}")


_JUNK: tuple[Any, ...] = (None, [], {}, "", 0, {"x": [None]}, Returned("vide.txt", b""))


def _interactive(question: Question, variant: Variant) -> Iterator[Finding]:
    if variant.check is None or variant.state is None:
        yield error("gabarit", "params", "le gabarit ne donne pas d'état ou pas de correction")
        return
    given = [Returned(file.name, file.build()) for file in variant.files]
    for value in (variant.state, *_JUNK, *given):
        try:
            passes = variant.check(value).ok
        except Exception as problem:
            yield error("check-crash", "params", f"la correction échoue sur {str(value)[:40]!r} : {problem!r}")
            continue
        if passes:
            yield error("already-right", "params", "la correction accepte l'état de départ")
    try:
        state = json.dumps(variant.state, ensure_ascii=False)
    except (TypeError, ValueError) as problem:
        yield error("state", "params", f"l'état de départ n'est pas du JSON : {problem}")
        return
    yield from _solvable(variant.check, variant.example)
    if telling := _TELLING_KEYS & _keys(variant.state):
        yield error("state-tells", "params", f"l'état de départ contient « {sorted(telling)[0]} »")
    if question.template in _AMONG_SHOWN:
        return
    for answer in (variant.shown_solution, variant.solution):
        if len(answer.strip()) >= 12 and json.dumps(answer.strip(), ensure_ascii=False)[1:-1] in state:
            yield error("state-tells", "params", "l'état de départ contient la réponse")


def _solvable(check: Callable[[Any], Verdict], example: Any) -> Iterator[Finding]:
    """The gabarit shows that its own goals can be met: contradictory goals are found before any pupil meets them."""
    if example is None:
        yield error("no-example", "params", "aucun moyen de réussir avec ce qui est donné (les outils suffisent-ils ?)")
        return
    try:
        sent = example if isinstance(example, Returned) else json.loads(json.dumps(example, ensure_ascii=False))
        verdict = check(sent)
    except Exception as problem:
        yield error("example-refused", "params", f"l'exemple de réussite ne peut pas être corrigé : {problem!r}")
        return
    if not verdict.ok:
        text = "la tâche semble impossible, la correction refuse l'exemple de réussite : "
        yield error("example-refused", "params", text + " ".join(verdict.unmet))


def _keys(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        return {str(key) for key in value} | {key for item in value.values() for key in _keys(item)}
    if isinstance(value, (list, tuple)):
        return {key for item in value for key in _keys(item)}
    return set()


# --- over many variants


def declared_variants(question: Question) -> float:
    """How many variants the author announces: the product of the lists, without limit with a generator."""
    if question.generator:
        return math.inf
    return math.prod(len(values) for values in question.draw.values())


def answer_of(question: Question, variant: Variant) -> str:
    """The right answer as text; ``""`` when another shape judges (state) or when the draw only changes the setting."""
    if question.template.startswith("QROC"):
        return variant.solution
    if question.template == "QCU" and question.generator:
        listed = choices(variant.proposals)
        index = int(variant.solution) if variant.solution.isdigit() else 0
        return listed[index - 1] if 0 < index <= len(listed) else ""
    return ""


def spread_gate(question: Question, counts: Mapping[str, int]) -> Iterator[Finding]:
    """No answer above 5 % of the draws (content plan 7.1), beyond what chance alone explains (three deviations)."""
    total = sum(counts.values())
    if not total or declared_variants(question) < 20:
        return
    top, most = max(counts.items(), key=lambda item: item[1])
    limit = 0.05 * total + 3 * math.sqrt(total * 0.05 * 0.95)
    if most > limit:
        text = f"« {top[:40]} » est la réponse de {100 * most // total} % des variantes, 5 % au plus"
        yield error("spread", "generator", text) if question.generator else warning("spread", "draw", text)


def same(first: Variant, second: Variant) -> bool:
    """Are two draws of one seed the same, bytes of files included?"""
    return _image(first) == _image(second)


def _image(variant: Variant) -> tuple[Any, ...]:
    return (
        variant.instruction_html,
        variant.alternative_html,
        variant.explanation_html,
        variant.proposals,
        variant.solution,
        variant.shown_solution,
        variant.read_aloud,
        repr(variant.state),
        repr(variant.preview),
        tuple((file.name, file.media_type, file.build()) for file in variant.files),
    )
