"""``pix benchmark [NAME …]``: runs the measures, prints one table a measure."""

import argparse
import os
import platform
import sys
import tempfile

NAMES = ("answer", "next", "roll", "bytes", "weight", "eight", "class", "pupils")


def main(argv: list[str]) -> int:
    """Each measure works in a folder of its own that it leaves empty."""
    parser = argparse.ArgumentParser(prog="pix benchmark")
    parser.add_argument("names", nargs="*", metavar="NOM", help=f"mesures : {', '.join(NAMES)} (toutes par défaut)")
    options = parser.parse_args(argv)
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"mesure inconnue : {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="pix-benchmark-") as folder:
        os.environ["PIX_VAR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        from benchmarks import measures, roll

        print(f"Python {platform.python_version()}, {os.cpu_count()} cœurs, {platform.machine()}")
        database = os.environ.get("PIX_DATABASE_URL", "sqlite").partition(":")[0]
        print(f"Base : {database}\n")
        # Few rows would measure pages of the disk rather than answers.
        measures.prepare(small="bytes" not in (options.names or NAMES))
        for name in options.names or NAMES:
            print(f"== {name}")
            for label, value in getattr(roll if name == "roll" else measures, f"measure_{name}")():
                print(f"{label:58} {value}")
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
