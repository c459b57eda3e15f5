"""The command line: ``pix demo``, ``pix bank check``, ``pix roll check``, ``pix simulate``, ``pix acceptance``, ``pix manage``."""

import sys
from collections.abc import Callable

HELP = """\
Usage : pix COMMANDE [options]

  demo                         la démonstration sur http://127.0.0.1:8000 (HOST et PORT la déplacent)
  serve | worker               le serveur de pages | les travaux de fond, en production
  roll check FICHIER --uai UAI vérifie un fichier SIECLE ou Fregata, sans base de données
  bank check | bank build      vérifie | compile la banque de questions
  simulate placement           fait passer le test à des élèves virtuels
  acceptance                   les lignes de la liste d'acceptation que les tests prouvent
  certifiability               recalcule la certificabilité : --all, --never ou --since et --until
  accessibility                ce que les tests vérifient, pour la déclaration d'accessibilité
  translations                 le catalogue anglais : textes trouvés dans les sources, traductions, contrôle
  benchmark                    les mesures de docs/performance.md
  manage …                     les commandes de Django (migrate, shell…)
"""


def _command(words: list[str]) -> tuple[Callable[[list[str]], int] | None, list[str]]:
    """The function that serves these words, and the words left for it. Imports are lazy: each command loads its own."""
    match words:
        case ["bank", "check", *rest]:
            from pix.assessment.commands import checked_bank

            return checked_bank("check"), rest
        case ["bank", "build", *rest]:
            from pix.assessment.commands import checked_bank

            return checked_bank("build"), rest
        case ["roll", "check", *rest]:
            from pix.interop.commands import roll_check

            return roll_check, rest
        case ["simulate", "placement", *rest]:
            from pix.assessment.commands import simulate_placement

            return simulate_placement, rest
        case ["acceptance", *rest]:
            from tools.acceptance import main as acceptance

            return acceptance, rest
        case ["accessibility", *rest]:
            from tools.accessibility import main as accessibility

            return accessibility, rest
        case ["translations", *rest]:
            from tools.translations import main as translations

            return translations, rest
        case ["benchmark", *rest]:
            from benchmarks.__main__ import main as benchmark

            return benchmark, rest
        case ["demo" | "serve" | "worker" | "manage" | "certifiability" as word, *rest]:
            from config import commands

            return getattr(commands, word), rest
    return None, words


def main(argv: list[str]) -> int:
    """Run one command; gives its exit code."""
    function, rest = _command(argv)
    if function is None:
        print(HELP, file=sys.stderr)
        return 0 if argv in (["--help"], ["-h"], ["help"]) else 2
    return function(rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
