"""``pix roll check``: tells what a school's file holds, without a database."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pix.core import clock
from pix.interop.reading import check_report, read_roll
from pix.interop.rows import LEFT


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


def _print(report: dict[str, Any]) -> None:
    """The same sentences as on the page of the import, block by block."""
    if report["file_error"]:
        print(f"Fichier refusé : {report['file_error']['text']} ({report['file_error']['code']})")
    else:
        print(f"{report['accepted']} élève(s) prêts à être importés.")
    skipped = [one for one in report["skipped"] if one["reason"] != LEFT]
    for title, texts in (
        ("erreur(s)", [one["text"] for one in report["problems"]]),
        ("non importé(s)", [one["text"] for one in skipped]),
        ("avertissement(s)", report["warnings"]),
    ):
        if texts:
            print(f"{len(texts)} {title} :")
            for text in texts:
                print(f"  {text}")
    if left := len(report["skipped"]) - len(skipped):
        print(f"{left} élève(s) sorti(s) de l'établissement.")
