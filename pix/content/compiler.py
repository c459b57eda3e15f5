"""From the authored files to one release: typed, rendered, priced, in content order; the same sources, the same bytes."""

import hashlib
import re
from collections import Counter

import msgspec

from pix.content import release, schema
from pix.content.markup import french_proposals, french_spaces, to_html
from pix.content.source import Sources
from pix.core.exact import pix_value_units
from pix.core.texts import unaccent

COUNTING: tuple[schema.SkillStatus, ...] = ("actif", "en construction")
"""Every declared skill enters the share of its level, its questions written or not (learning 1.3)."""

_WORD = re.compile(r"[a-z0-9]+")


class NotCompilable(ValueError):
    """The sources lack what a release cannot do without; ``check`` says where."""


def number(identifier: str) -> tuple[int, ...]:
    """Sort key of ``1.1.2``: 1.1.10 comes after 1.1.9."""
    return tuple(int(part) if part.isdigit() else 0 for part in identifier.split("."))


def competence_of(sujet_id: str) -> str:
    """``1.1.2`` → ``1.1``"""
    return sujet_id.rpartition(".")[0]


def level_of(acquis_id: str) -> int:
    """``N3`` → 3; 0 when it is no level."""
    return int(acquis_id[1:]) if re.fullmatch(r"N[1-8]", acquis_id) else 0


def skill_name(title: str, level: int) -> str:
    """« Poser une bonne requête », 3 → ``@poserUneBonneRequete3``."""
    words = _WORD.findall(unaccent(title))
    return "@" + "".join(word if rank == 0 else word.capitalize() for rank, word in enumerate(words)) + str(level)


def compile_question(skill_id: str, question: schema.Question) -> release.Question:
    """One authored question as it is released; texts rendered, placeholders kept."""
    return release.Question(
        id=f"{skill_id}-{question.id}",
        skill=skill_id,
        status=question.status,
        version=question.version,
        template=question.template,
        instruction_html=to_html(question.instruction),
        alternative_html=to_html(question.alternative),
        explanation_html=to_html(question.explanation),
        proposals=french_proposals(question.proposals).strip(),
        solution=question.solution.strip(),
        shown_solution=french_spaces(question.shown_solution).strip(),
        read_aloud=question.read_aloud.strip(),
        format=question.format,
        t1=question.treatments.t1,
        t2=question.treatments.t2,
        t3=question.treatments.t3,
        keep=question.keep,
        draw={name: tuple(values) for name, values in question.draw.items()},
        generator=question.generator.code if question.generator else "",
        generator_params=question.generator.params if question.generator else {},
        params=question.params,
        shuffled=question.shuffled,
        timer=question.timer,
        focusable=question.focusable,
        locale=question.locale,
        devices=tuple(question.devices),
        minutes=question.minutes,
        needs_sound=question.needs_sound,
        accessibility=question.accessibility,
        credits=question.credits,
    )


def compile_release(sources: Sources, *, leave_out: frozenset[str] = frozenset()) -> release.Release:
    """The release of these sources, without the questions whose full ids are in ``leave_out``.

    Raises ``NotCompilable`` without a framework and ``ValueError`` beyond 16 skills in a level of a competence.
    """
    if sources.framework is None:
        raise NotCompilable("the framework file is missing or unreadable")
    framework = sources.framework.value
    sujets = sorted((document.value for document in sources.sujets), key=lambda sujet: number(sujet.id))
    share = Counter(
        (competence_of(sujet.id), level_of(acquis.id))
        for sujet in sujets
        for acquis in sujet.acquis
        if acquis.status in COUNTING
    )
    skills: list[release.Skill] = []
    questions: list[release.Question] = []
    tutorials: dict[str, release.Tutorial] = {}
    for sujet in sujets:
        competence = competence_of(sujet.id)
        for tutorial in sujet.tutorials:
            tutorials[tutorial.id] = release.Tutorial(
                **msgspec.structs.asdict(tutorial) | {"title": french_spaces(tutorial.title)}
            )
        for acquis in sorted(sujet.acquis, key=lambda one: level_of(one.id)):
            level = level_of(acquis.id)
            skill_id = f"{sujet.id}-{acquis.id}"
            skills.append(
                release.Skill(
                    id=skill_id,
                    name=skill_name(sujet.title, level),
                    tube=sujet.id,
                    competence=competence,
                    level=level,
                    status=acquis.status,
                    text=french_spaces(acquis.text),
                    units=pix_value_units(share[competence, level]) if acquis.status in COUNTING else 0,
                    hint=french_spaces(acquis.hint),
                    tutorials=tuple(acquis.tutorials),
                    more=tuple(acquis.more),
                )
            )
            questions += [
                compile_question(skill_id, question)
                for question in acquis.questions
                if f"{skill_id}-{question.id}" not in leave_out
            ]
    return release.Release(
        name=framework.name,
        areas=tuple(
            release.Area(code=area.code, name=area.name, name_en=area.name_en, colour=area.colour)
            for area in sorted(framework.areas, key=lambda one: number(one.code))
        ),
        competences=tuple(
            release.Competence(**msgspec.structs.asdict(one) | {"description": french_spaces(one.description)})
            for one in sorted(framework.competences, key=lambda one: number(one.id))
        ),
        tubes=tuple(
            release.Tube(
                id=sujet.id,
                title=french_spaces(sujet.title),
                competence=competence_of(sujet.id),
                description=french_spaces(sujet.description),
            )
            for sujet in sujets
        ),
        skills=tuple(skills),
        questions=tuple(questions),
        tutorials=tuple(tutorials[key] for key in sorted(tutorials)),
        parcours=tuple(
            _journey(document.value) for document in sorted(sources.parcours, key=lambda one: one.value.code)
        ),
    )


def _journey(parcours: schema.Parcours) -> release.Journey:
    return release.Journey(
        code=parcours.code,
        name=french_spaces(parcours.name),
        category=parcours.category,
        description=french_spaces(parcours.description),
        level=parcours.level,
        tubes=tuple(
            release.CappedTube(one.id, one.cap) for one in sorted(parcours.sujets, key=lambda one: number(one.id))
        ),
        stages=tuple(
            release.Stage(
                threshold=stage.threshold,
                title=french_spaces(stage.title),
                message=french_spaces(stage.message),
                reading_key=french_spaces(stage.reading_key),
            )
            for stage in parcours.stages
        ),
        multiple_sending_advice=parcours.multiple_sending_advice,
        resettable=parcours.resettable,
        simplified_access=parcours.simplified_access,
        published=parcours.published,
    )


def encode(compiled: release.Release) -> bytes:
    """The one JSON form of a release: fields in declared order, mappings in the author's order, no white space."""
    return msgspec.json.encode(compiled)


def release_id(payload: bytes) -> str:
    """SHA-256 of the JSON form, 64 hexadecimal digits: the release's id and its file's name."""
    return hashlib.sha256(payload).hexdigest()
