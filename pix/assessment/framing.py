"""The frames that processes keep in memory: what a run may ask, built once per scope and release."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from threading import Lock

from pix.assessment.engine.frames import Frame, FrameQuestion, FrameSkill, QuestionStatus
from pix.content import releases

FRAMES_KEPT = 512
"""Some 30 kB each for a campaign of thirty skills."""

FrozenSkill = Sequence[object]
"""``[skill, tube, competence, level]`` as a campaign froze it."""

_frames: OrderedDict[tuple[str, int, str], Frame] = OrderedDict()
_lock = Lock()


def build(release: str, skills: Iterable[FrozenSkill]) -> Frame:
    """A frame over frozen skills still operative in this release, with their operative questions (learning 3.2)."""
    bank = releases.get(release)
    targets = []
    for skill_id, tube, competence, level in skills:
        skill = bank.skills.get(str(skill_id))
        if skill is None or skill.status not in ("actif", "archivé"):
            continue
        questions = tuple(
            FrameQuestion(question.id, question.locale, QuestionStatus(question.status), question.timer)
            for question in bank.questions_of(skill.id)
            if question.status in ("validé", "archivé")
        )
        targets.append(
            FrameSkill(skill.id, str(tube), int(str(level)), questions, str(competence), skill.units, skill.id)
        )
    return Frame(targets)


def frame(kind: str, scope: int, release: str, skills: Callable[[], Iterable[FrozenSkill]]) -> Frame:
    """The frame of a scope (a campaign's id), from memory; ``skills`` is asked only when it is not there yet."""
    key = (kind, scope, release)
    with _lock:
        found = _frames.get(key)
        if found is not None:
            _frames.move_to_end(key)
            return found
    built = build(release, skills())
    with _lock:
        _frames[key] = built
        while len(_frames) > FRAMES_KEPT:
            _frames.popitem(last=False)
    return built


def forget() -> None:
    """Empty the memory (tests)."""
    with _lock:
        _frames.clear()
