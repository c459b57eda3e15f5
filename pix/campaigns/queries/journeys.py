"""The parcours that a school may choose, as the creation form and the parcours' own page show them."""

from dataclasses import dataclass

from pix.content import releases
from pix.content.bank import Bank
from pix.content.release import Area, Journey, Stage
from pix.core.texts import search_key

LAST_CATEGORY = "Autres"


@dataclass(frozen=True, slots=True)
class JourneyChoice:
    """One parcours of the list."""

    code: str
    name: str
    category: str
    playable: bool
    """False: published, but none of its sujets has a question yet."""


@dataclass(frozen=True, slots=True)
class JourneySummary:
    """What is shown once a parcours is chosen."""

    code: str
    name: str
    category: str
    description: str
    tubes: int
    skills: int
    """Skills that a campaign created now would freeze."""
    questions: int
    """Asked on average."""
    minutes: int
    stages: tuple[Stage, ...]
    resettable: bool
    simplified_access: bool
    multiple_sending_advice: str
    any_device: bool


@dataclass(frozen=True, slots=True)
class JourneyTube:
    """One line of the parcours' content: sujet, competence, domain, highest level, devices."""

    title: str
    description: str
    competence: str
    area: Area
    max_level: int
    skills: int
    tablet: bool
    phone: bool


@dataclass(frozen=True, slots=True)
class JourneyPage:
    summary: JourneySummary
    tubes: tuple[JourneyTube, ...]


def journeys(category: str = "", search: str = "") -> list[JourneyChoice]:
    """Published parcours kept by the two filters together; « Autres » last, then category, then name."""
    bank = releases.current()
    words = search_key(search).split()
    kept = [
        journey
        for journey in bank.published_parcours()
        if (not category or journey.category == category) and all(word in search_key(journey.name) for word in words)
    ]
    kept.sort(key=lambda one: (one.category == LAST_CATEGORY, search_key(one.category), search_key(one.name)))
    return [JourneyChoice(one.code, one.name, one.category, bool(bank.skills_of_parcours(one.code))) for one in kept]


def categories() -> list[str]:
    """Categories that hold a published parcours, in the order of the list."""
    return list(dict.fromkeys(choice.category for choice in journeys()))


def summary(code: str) -> JourneySummary | None:
    """The published parcours of this code; ``None`` when there is none."""
    bank = releases.current()
    journey = bank.parcours.get(code)
    if journey is None or not journey.published:
        return None
    return _summary(bank, journey)


def page(code: str) -> JourneyPage | None:
    """The parcours and its sujets in content order; ``None`` when no published parcours has this code."""
    bank = releases.current()
    journey = bank.parcours.get(code)
    if journey is None or not journey.published:
        return None
    order = {tube: rank for rank, tube in enumerate(bank.tubes)}
    frozen = bank.skills_of_parcours(code)
    lines = []
    for capped in sorted(journey.tubes, key=lambda one: order.get(one.id, len(order))):
        tube = bank.tubes.get(capped.id)
        if tube is None:
            continue
        devices = bank.devices_of_tube(tube.id, capped.cap)
        lines.append(
            JourneyTube(
                title=tube.title,
                description=tube.description,
                competence=bank.competences[tube.competence].name,
                area=bank.area_of(tube.competence),
                max_level=capped.cap,
                skills=sum(1 for skill in frozen if skill.tube == tube.id),
                tablet="tablette" in devices,
                phone="téléphone" in devices,
            )
        )
    return JourneyPage(_summary(bank, journey), tuple(lines))


def _summary(bank: Bank, journey: Journey) -> JourneySummary:
    figures = bank.figures_of_parcours(journey.code)
    return JourneySummary(
        code=journey.code,
        name=journey.name,
        category=journey.category,
        description=journey.description,
        tubes=figures.tubes,
        skills=len(bank.skills_of_parcours(journey.code)),
        questions=figures.questions,
        minutes=figures.minutes,
        stages=journey.stages,
        resettable=journey.resettable,
        simplified_access=journey.simplified_access,
        multiple_sending_advice=journey.multiple_sending_advice,
        any_device=bank.any_device((tube.id, tube.cap) for tube in journey.tubes),
    )
