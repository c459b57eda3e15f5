"""What ``pix bank check`` and ``pix bank build`` do; messages in French, for authors."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pix.content import check as gatekeeper
from pix.content import releases
from pix.content.compiler import compile_release
from pix.content.gates import Validator
from pix.content.source import read

DONE, PROBLEMS, NO_BANK = 0, 1, 2
ROOT = Path(__file__).resolve().parents[2]


def bank_check(argv: Sequence[str], *, validators: Sequence[Validator] = ()) -> int:
    """Exit 0 without error (warnings pass), 1 with errors, 2 when there is no bank."""
    parser = argparse.ArgumentParser(prog="pix bank check", description="Vérifie toutes les règles de la banque.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "bank", help="dossier de la banque")
    parser.add_argument("--deep", action="store_true", help="1 000 variantes par question au lieu de 25")
    parser.add_argument("--json", action="store_true", help="résultat en JSON")
    options = parser.parse_args(argv)
    if not options.folder.is_dir():
        return _no_bank(options.folder)
    sources = read(options.folder)
    checked = gatekeeper.check(sources, deep=options.deep, validators=validators)
    found = gatekeeper.report(sources, checked)
    if options.json:
        _say(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for problem in checked.problems:
            _say(str(problem))
        _say(
            f"{found['competences']} compétences, {found['sujets']} sujets, {found['declared']} acquis dont "
            f"{found['acquis']} avec des questions ; {found['questions']} questions dont {found['practical']} pratiques et "
            f"{found['generated']} à variantes ; {found['simulators']} simulateurs ; {len(checked.errors)} erreurs, "
            f"{len(checked.problems) - len(checked.errors)} avertissements"
        )
    return PROBLEMS if checked.errors else DONE


def bank_build(argv: Sequence[str], *, validators: Sequence[Validator] = ()) -> int:
    """Checks, then writes the release and makes it current. Exit codes as ``bank_check``; an error writes nothing."""
    parser = argparse.ArgumentParser(prog="pix bank build", description="Vérifie la banque et en fait une version.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "bank", help="dossier de la banque")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "releases", help="dossier des versions")
    parser.add_argument(
        "--lenient", action="store_true", help="laisse de côté les questions fautives au lieu de refuser"
    )
    parser.add_argument("--quiet", action="store_true", help="ne dit que les erreurs")
    parser.add_argument("--json", action="store_true", help="résultat en JSON")
    options = parser.parse_args(argv)
    if not options.folder.is_dir():
        return _no_bank(options.folder)
    sources = read(options.folder)
    checked = gatekeeper.check(sources, validators=validators)
    if checked.structural or (checked.errors and not options.lenient):
        for problem in checked.errors:
            _say(str(problem), error=True)
        _say(f"{len(checked.errors)} erreurs : rien n'est écrit.", error=True)
        return PROBLEMS
    release = compile_release(sources, leave_out=frozenset(checked.faulty))
    identifier = releases.write(release, options.out)
    if options.json:
        _say(
            json.dumps({"release": identifier, "questions": len(release.questions), "left_out": sorted(checked.faulty)})
        )
    elif not options.quiet:
        left = f", {len(checked.faulty)} laissées de côté" if checked.faulty else ""
        _say(f"Version {identifier[:12]} : {len(release.questions)} questions{left}.")
    return DONE


def _no_bank(folder: Path) -> int:
    _say(f"Pas de banque dans {folder}.", error=True)
    return NO_BANK


def _say(text: str, *, error: bool = False) -> None:
    print(text, file=sys.stderr if error else sys.stdout)
