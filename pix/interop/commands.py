"""``pix roll check``: tells what a school's file holds, without a database."""

import argparse
import json
import sys
from pathlib import Path

from pix.core import clock
from pix.interop.reading import check_report, read_roll


def roll_check(argv: list[str]) -> int:
    """Exit code 0: importable; 1: some rows have problems; 2: the file itself cannot be used."""
    parser = argparse.ArgumentParser(prog="pix roll check", description="Vérifie un fichier d'élèves.")
    parser.add_argument("file", type=Path, help="fichier SIECLE (xml, zip) ou Fregata (csv)")
    parser.add_argument("--uai", required=True, help="UAI de l'établissement")
    parser.add_argument("--format", choices=["siecle", "fregata"], default="siecle")
    parser.add_argument("--json", action="store_true", help="sortie pour les programmes")
    options = parser.parse_args(argv)
    try:
        with options.file.open("rb") as stream:
            reading = read_roll(stream, format=options.format, uai=options.uai, today=clock.today())
    except OSError as error:
        print(f"Fichier illisible : {options.file} ({error.strerror}).", file=sys.stderr)
        return 2
    report = check_report(reading)
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print(report)
    if report["file_error"]:
        return 2
    return 1 if report["problems"] else 0


def _print(report: dict) -> None:  # type: ignore[type-arg]
    if report["file_error"]:
        print(f"Fichier refusé : {report['file_error']['text']} ({report['file_error']['code']})")
        return
    print(f"{report['accepted']} élève(s) prêts à être importés.")
    if report["skipped"]:
        print(f"{len(report['skipped'])} non importé(s) :")
        for skip in report["skipped"]:
            print(f"  ligne {skip['row']} : {skip['last_name']} {skip['first_name']} ({skip['reason']})")
    if report["problems"]:
        print(f"{len(report['problems'])} erreur(s) :")
        for problem in report["problems"]:
            print(f"  {problem['text']}")
