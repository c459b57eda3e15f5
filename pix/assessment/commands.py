"""Commands that need the engine: the bank judged by the code that will correct it, and virtual pupils."""

import argparse
import json
from collections.abc import Callable, Iterator
from functools import partial

from pix.assessment.engine.syntax import MalformedContent, Treatments, read_question
from pix.content import commands as content
from pix.content.release import Question
from pix.content.schema import CLASSIC_TEMPLATES
from pix.content.variants import Variant


def engine_reads(question: Question, variant: Variant) -> Iterator[str]:
    """A gate of ``bank check``: what the engine says of a question, read exactly as it will be in a run."""
    if question.template in CLASSIC_TEMPLATES:
        on = Treatments(question.t1, question.t2, question.t3, question.keep)
        try:
            read_question(question.template, variant.proposals, variant.solution, format=question.format, treatments=on)
        except MalformedContent as error:
            yield str(error)


def checked_bank(verb: str) -> Callable[[list[str]], int]:
    """``bank check`` or ``bank build`` with the engine's gate."""
    command = content.bank_check if verb == "check" else content.bank_build
    return partial(command, validators=(engine_reads,))


def simulate_placement(argv: list[str]) -> int:
    """``pix simulate placement``: virtual pupils through the very engine of the web."""
    parser = argparse.ArgumentParser(prog="pix simulate placement")
    parser.add_argument("--engine", default="classic", choices=["classic"])
    parser.add_argument("--pupils", type=int, default=160)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="sortie pour les programmes")
    options = parser.parse_args(argv)
    from pix.assessment.engine import simulation
    from pix.assessment.engine.interface import Classic

    engine = {"classic": Classic()}[options.engine]
    report = simulation.simulate_placement(
        simulation.synthetic_bank(options.seed), engine, options.pupils, options.seed
    )
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for key, value in report.items():
            print(f"{key:18} {value:.3f}" if isinstance(value, float) else f"{key:18} {value}")
    return 0
