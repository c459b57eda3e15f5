"""Small contents and past results, written as a teacher would say them: ``web[1,2,3] code[2,4 timed]``, ``web2+``."""

import re

from pix.assessment.engine.classic import Finished, Pick
from pix.assessment.engine.frames import Frame, FrameQuestion, FrameSkill
from pix.assessment.engine.knowledge import Evidence, Run

RUN = Run("run", 1_000)


def frame(written: str, siblings: int = 2) -> Frame:
    """A frame in the order written; each skill has ``siblings`` questions ``web3_1``, ``web3_2``…, worth 4 pix."""
    skills = []
    for tube, levels in re.findall(r"(\w+)\[([^\]]*)\]", written):
        for one in levels.split(","):
            level, *timed = one.split()
            id = f"{tube}{level}"
            questions = (FrameQuestion(f"{id}_{n}", timer=60 if timed else None) for n in range(1, siblings + 1))
            skills.append(FrameSkill(id, tube, int(level), tuple(questions), "1.1", 4 * 720_720))
    return Frame(skills)


def evidence(written: str, run: str = "before", at: int = 0) -> dict[str, Evidence]:
    """``web1+ web3- web2(+)``: direct success, direct failure, inferred success."""
    return {
        skill: Evidence(sign == "+", not bracket, at, run, 4 * 720_720 * (sign == "+"))
        for skill, bracket, sign in re.findall(r"(\w+?)(\(?)([+-])\)?(?:\s|$)", written)
    }


def picked(result: Pick | Finished) -> str:
    """The skill asked, or why nothing is."""
    return result.skill if isinstance(result, Pick) else result.reason.value
