"""Every gate that a program can hold over the bank: all problems at once, each with its file and line."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pix.content.compiler import COUNTING, competence_of, compile_question, level_of
from pix.content.gates import Finding, Validator, answer_of, error, same, spread_gate, variant_gates, written_gates
from pix.content.release import Question
from pix.content.schema import INTERACTIVE_TEMPLATES, Acquis, Parcours, Sujet
from pix.content.schema import Question as Authored
from pix.content.source import Document, Problem, Sources
from pix.content.variants import Variant, VariantError, instantiate, is_generated, variant_seed
from pix.core.exact import MAX_SKILLS_PER_LEVEL

SEEDS = 25
DEEP_SEEDS = 1_000
BYTES_TWICE = 3
"""Seeds drawn twice and compared, files included."""

QUESTIONS_PER_SKILL = 2
"""In a published parcours (first release; content plan 2)."""

SIMULATORS = (
    "MOTEUR", "EXPLO", "MAIL", "TTX", "PARAM", "MSG", "NAV", "MDP", "PHISH", "TAB", "FORM", "META", "BLOCS", "IMGED",
)  # fmt: skip

Report = dict[str, Any]


@dataclass(slots=True)
class Checked:
    """What the check found, and what it learned on the way."""

    problems: list[Problem] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
    """Full ids of questions with an error: a lenient build leaves them out."""
    structural: bool = False
    """An error outside questions: no build at all."""
    valid: dict[str, int] = field(default_factory=Counter)
    """Skill id → questions validated without error."""
    questions: int = 0
    practical: int = 0
    generated: int = 0
    simulators: set[str] = field(default_factory=set)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "erreur"]

    def add(self, document: Document[Any], code: str, text: str, *place: str | int) -> None:
        self.problems.append(Problem(document.file, document.line(*place), "erreur", code, text))
        self.structural = True


def check(sources: Sources, *, deep: bool = False, validators: Sequence[Validator] = ()) -> Checked:
    """Applies all gates. ``deep``: 1,000 seeds for each generated question instead of 25, and the spread of answers."""
    checked = Checked(problems=list(sources.problems), faulty=set(sources.faulty))
    checked.structural = sources.broken
    _framework(sources, checked)
    tutorials = _tutorials(sources, checked)
    for document in sources.sujets:
        _sujet(document, tutorials, checked, deep=deep, validators=validators)
    for parcours in sources.parcours:
        _parcours(parcours, sources, checked)
    checked.problems.sort()
    return checked


def report(sources: Sources, checked: Checked) -> Report:
    """Figures of the bank. ``acquis``: those with at least one valid question; ``declared``: all of them."""
    return {
        "competences": len(sources.framework.value.competences) if sources.framework else 0,
        "sujets": len(sources.sujets),
        "acquis": sum(1 for count in checked.valid.values() if count),
        "declared": sum(len(document.value.acquis) for document in sources.sujets),
        "questions": checked.questions,
        "practical": checked.practical,
        "generated": checked.generated,
        "simulators": len(checked.simulators),
        "problems": [asdict(problem) for problem in checked.problems],
    }


# --- the frame


def _framework(sources: Sources, checked: Checked) -> None:
    document = sources.framework
    if document is None:
        return
    areas = [area.code for area in document.value.areas]
    for i, code in enumerate(areas):
        if code in areas[:i]:
            checked.add(document, "duplicate", f"domaine {code} écrit deux fois", "areas", i)
    ids = [competence.id for competence in document.value.competences]
    for i, competence in enumerate(document.value.competences):
        if competence.id in ids[:i]:
            checked.add(document, "duplicate", f"compétence {competence.id} écrite deux fois", "competences", i)
        if competence.area not in areas:
            checked.add(document, "unknown", f"domaine inconnu : {competence.area}", "competences", i, "area")
    levels: dict[tuple[str, int], int] = Counter()
    seen: dict[str, str] = {}
    for sujet in sources.sujets:
        value = sujet.value
        if value.id in seen:
            checked.add(sujet, "duplicate", f"sujet {value.id} déjà dans {seen[value.id]}", "id")
        seen[value.id] = sujet.file
        if competence_of(value.id) not in ids:
            checked.add(sujet, "unknown", f"compétence inconnue : {competence_of(value.id)}", "id")
        if not sujet.file.endswith(f"/{value.id[:1]}/{value.id}.yaml"):
            checked.add(sujet, "file-name", f"le sujet {value.id} s'écrit dans {value.id[:1]}/{value.id}.yaml", "id")
        for acquis in value.acquis:
            if acquis.status in COUNTING:
                levels[competence_of(value.id), level_of(acquis.id)] += 1
    for (competence_id, level), count in sorted(levels.items()):
        if count > MAX_SKILLS_PER_LEVEL:
            checked.add(
                document,
                "level-full",
                f"{competence_id} a {count} acquis de niveau {level}, {MAX_SKILLS_PER_LEVEL} au plus",
            )


def _tutorials(sources: Sources, checked: Checked) -> set[str]:
    known: set[str] = set()
    for document in sources.sujets:
        for i, tutorial in enumerate(document.value.tutorials):
            if tutorial.id in known:
                checked.add(document, "duplicate", f"tutoriel {tutorial.id} écrit deux fois", "tutorials", i)
            known.add(tutorial.id)
            if not re.fullmatch(r"\d\d:[0-5]\d:[0-5]\d", tutorial.duration):
                checked.add(document, "duration", "durée attendue : HH:MM:SS", "tutorials", i, "duration")
    return known


def _parcours(document: Document[Parcours], sources: Sources, checked: Checked) -> None:
    parcours = document.value
    if not document.file.endswith(f"/{parcours.code}.yaml"):
        checked.add(document, "file-name", f"le parcours {parcours.code} s'écrit dans {parcours.code}.yaml", "code")
    named = [other.value.name for other in sources.parcours if other is not document]
    if parcours.name in named:
        checked.add(document, "duplicate", "un autre parcours porte ce nom", "name")
    sujets = {one.value.id: one for one in sources.sujets}
    listed: set[str] = set()
    for i, capped in enumerate(parcours.sujets):
        if capped.id in listed:
            checked.add(document, "duplicate", f"sujet {capped.id} écrit deux fois", "sujets", i)
        listed.add(capped.id)
        sujet = sujets.get(capped.id)
        if sujet is None:
            checked.add(document, "unknown", f"sujet inconnu : {capped.id}", "sujets", i)
            continue
        asked = [(j, acquis) for j, acquis in enumerate(sujet.value.acquis) if level_of(acquis.id) <= capped.cap]
        if not 1 <= capped.cap <= 8 or not asked:
            checked.add(document, "cap", f"{capped.id} n'a aucun acquis jusqu'au niveau {capped.cap}", "sujets", i)
        if parcours.published:
            _enough(parcours, sujet, asked, checked)
    thresholds = [stage.threshold for stage in parcours.stages]
    if thresholds and (thresholds[0] != 0 or thresholds != sorted(set(thresholds)) or thresholds[-1] > 100):
        checked.add(document, "stages", "paliers : 0 d'abord, puis des seuils croissants jusqu'à 100", "stages")


def _enough(parcours: Parcours, sujet: Document[Sujet], asked: list[tuple[int, Acquis]], checked: Checked) -> None:
    for j, acquis in asked:
        count = checked.valid.get(f"{sujet.value.id}-{acquis.id}", 0)
        if acquis.status == "actif" and count < QUESTIONS_PER_SKILL:
            text = (
                f"{sujet.value.id}-{acquis.id} : {count} question valide, {QUESTIONS_PER_SKILL} au moins "
                f"pour le parcours publié {parcours.code}"
            )
            problem = Problem(sujet.file, sujet.line("acquis", j), "erreur", "few-questions", text)
            checked.problems.append(problem)


# --- sujets and questions


def _sujet(
    document: Document[Sujet], tutorials: set[str], checked: Checked, *, deep: bool, validators: Sequence[Validator]
) -> None:
    sujet = document.value
    if not re.fullmatch(r"\d+\.\d+\.\d+", sujet.id):
        checked.add(document, "sujet-id", f"« {sujet.id} » : trois nombres attendus", "id")
    levels = [level_of(acquis.id) for acquis in sujet.acquis]
    if not levels or 0 in levels or levels != sorted(set(levels)):
        checked.add(document, "levels", "acquis N1 à N8, chacun une fois, dans l'ordre", "acquis")
    for i, acquis in enumerate(sujet.acquis):
        for key in ("tutorials", "more"):
            for k, name in enumerate(getattr(acquis, key)):
                if name not in tutorials:
                    checked.add(document, "unknown", f"tutoriel inconnu : {name}", "acquis", i, key, k)
        _acquis(document, i, acquis, checked, deep=deep, validators=validators)


def _acquis(
    document: Document[Sujet], i: int, acquis: Acquis, checked: Checked, *, deep: bool, validators: Sequence[Validator]
) -> None:
    skill = f"{document.value.id}-{acquis.id}"
    seen: set[str] = set()
    known: set[str] = set()
    for j, authored in enumerate(acquis.questions):
        question = compile_question(skill, authored)
        findings, first = _question(authored, question, level_of(acquis.id), deep=deep, validators=validators)
        if authored.id in seen:
            findings.append(error("duplicate", "id", f"question {question.id} écrite deux fois"))
        asked = repr((authored.instruction, authored.proposals, authored.params, authored.generator, authored.draw))
        if asked in known:
            findings.append(error("twin", "instruction", "mot pour mot une autre question de l'acquis"))
        seen.add(authored.id)
        known.add(asked)
        place = ("acquis", i, "questions", j)
        wrong = False
        for finding in dict.fromkeys(findings):
            line = document.line(*place, finding.key)
            text = f"{question.id} : {finding.text}"
            checked.problems.append(Problem(document.file, line, finding.severity, finding.code, text))
            wrong = wrong or finding.severity == "erreur"
        if wrong:
            checked.faulty.add(question.id)
        elif authored.status == "validé":
            _count(question, first, checked)
    if checked.valid.get(skill) and not acquis.tutorials:
        checked.problems.append(
            Problem(
                document.file,
                document.line("acquis", i),
                "avertissement",
                "tutorial",
                f"{skill} : aucun tutoriel pour réussir",
            )
        )


def _count(question: Question, first: Variant | None, checked: Checked) -> None:
    checked.valid[question.skill] = checked.valid.get(question.skill, 0) + 1
    checked.questions += 1
    interactive = question.template in INTERACTIVE_TEMPLATES
    checked.practical += interactive or bool(first and question.generator and first.files)
    checked.generated += is_generated(question)
    if question.template in SIMULATORS:
        checked.simulators.add(question.template)


def _question(
    authored: Authored, question: Question, level: int, *, deep: bool, validators: Sequence[Validator]
) -> tuple[list[Finding], Variant | None]:
    findings = list(written_gates(authored))
    if any(finding.code in ("template", "draw") for finding in findings):
        return findings, None
    varied = is_generated(question) or question.template in INTERACTIVE_TEMPLATES
    seeds = (DEEP_SEEDS if deep and is_generated(question) else SEEDS) if varied else 1
    counts: dict[str, int] = Counter()
    first: Variant | None = None
    per_code: dict[str, int] = defaultdict(int)
    for number in range(seeds):
        seed = variant_seed(b"bank check", "", question.id, str(number), question.version)
        try:
            variant = instantiate(question, seed)
            if number < BYTES_TWICE and not same(variant, instantiate(question, seed)):
                findings.append(error("not-repeatable", "generator", "la même graine donne deux variantes"))
        except VariantError as problem:
            findings.append(error("variant", _blame(authored), str(problem)))
            break
        except Exception as problem:  # a generator may fail in any way: the author reads it, the check goes on
            findings.append(error("variant-crash", _blame(authored), f"{type(problem).__name__}: {problem}"))
            break
        first = first or variant
        for finding in _judged(question, level, variant, validators):
            per_code[finding.code] += 1
            if per_code[finding.code] <= 3:
                findings.append(finding)
        if answer := answer_of(question, variant):
            counts[answer] += 1
    if deep:
        findings += spread_gate(question, counts)
    return findings, first


def _judged(question: Question, level: int, variant: Variant, validators: Sequence[Validator]) -> Iterator[Finding]:
    yield from variant_gates(question, level, variant)
    for validator in validators:
        for text in validator(question, variant):
            yield error("engine", "solution", text)


def _blame(authored: Authored) -> str:
    if authored.template in INTERACTIVE_TEMPLATES and authored.params:
        return "params"
    return "generator" if authored.generator else "instruction"
