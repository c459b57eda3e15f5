"""The whole test command: `python3 start.py test` (or `.venv/bin/python -m tests.run`).

    python3 start.py test                       everything
    python3 start.py test --fast                lint, types, directions, bank, tests on SQLite without the slow ones
    python3 start.py test --only e2e            one step, or several: --only types,imports
    python3 start.py test --skip postgres,lock
    python3 start.py test --only sqlite -- tests/learners -k import      what follows -- goes to pytest

Every step runs even when another failed; the exit code is 0 only when all that could run passed. What this machine
cannot run is said loudly and skipped; with CI=true that is a failure. The last line counts tests and checks together.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.postgres import NoPostgres, postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
DATABASE_FREE = (
    "tests/assessment/engine",
    "tests/content",
    "tests/core/test_start.py",
    "tests/generators",
    "tests/documents",
    "tests/house/test_house.py",
    "tests/interop",
    "tests/web/ui",
)
"""Nothing here reads or writes a database: run once, not once per database (tests/house says so)."""
WORKERS = os.environ.get("TEST_WORKERS", "2")
SHOWN = 80
"""Lines of a failed check's output that are shown."""
LOCKS = {"requirements.txt": [], "requirements-dev.txt": ["--group", "dev"]}


@dataclass
class Outcome:
    """What one step gave: counts of tests (or 1 for a check), the text to show, the reason when it was skipped."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    said: str = ""
    reason: str = ""
    seconds: float = 0.0

    @property
    def sign(self) -> str:
        return "ÉCHEC" if self.failed else "SAUTÉ" if self.reason else "ok"


@dataclass
class World:
    """What every step is given: the environment of the children, a folder to throw away, arguments for pytest."""

    environment: dict[str, str]
    scratch: Path
    fast: bool
    pytest: list[str] = field(default_factory=list)


def environment_of(scratch: Path) -> dict[str, str]:
    """The caller's environment without its own settings of the program, which would change what is tested."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PIX_", "DJANGO_"))}
    kept.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        PIX_VAR=str(scratch / "var"),
        PYTHONPATH=str(ROOT),
        PYTHONUNBUFFERED="1",
        PATH=f"{BIN}{os.pathsep}{kept.get('PATH', '')}",
    )
    for name in ("HOST", "PORT"):
        kept.pop(name, None)
    return kept


# --- checks -----------------------------------------------------------------------------------------------------------


def check(name: str, *commands: list[str]) -> Callable[[World], Outcome]:
    """A step that passes when all its commands exit with 0; their output is shown only when one does not."""

    def step(world: World) -> Outcome:
        failed, said = 0, []
        for command in commands:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=world.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                failed += 1
                said.append(f"$ {' '.join(command)}\n{done.stdout}{done.stderr}")
        return Outcome(name, passed=len(commands) - failed, failed=failed, said="\n".join(said))

    return step


def lock(world: World) -> Outcome:
    """The lock names no host, and making it again from pyproject.toml changes nothing."""
    outcome = Outcome("lock")
    texts = {name: (ROOT / name).read_text() for name in (*LOCKS, "tools/uv.txt")}
    for name, text in texts.items():
        if "://" in text or "--index-url" in text or "--find-links" in text or "--hash=" not in text:
            outcome.failed += 1
            outcome.said += f"{name} : un verrou porte des hachages et ne nomme aucun hôte.\n"
    uv = shutil.which("uv", path=world.environment["PATH"]) or shutil.which(str(ROOT / ".tools" / "bin" / "uv"))
    if uv is None:
        outcome.reason = "uv n'est pas là : le verrou n'a pas été refait"
        return settle(outcome, forgiven=True)
    environment = {**world.environment, "UV_SYSTEM_CERTS": "true"}
    for name, group in LOCKS.items():
        again = world.scratch / name
        again.write_text(texts[name])  # versions already chosen are kept: only a change of pyproject.toml shows
        options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet", *group]
        done = subprocess.run(
            [uv, "pip", "compile", *options, "--output-file", str(again), "pyproject.toml"],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            outcome.reason = f"l'index des paquets n'a pas répondu ({done.stderr.strip().splitlines()[-1:]})"
        elif again.read_text() != texts[name]:
            outcome.failed += 1
            outcome.said += f"{name} ne correspond plus à pyproject.toml : refaites-le\n"
            outcome.said += f"  uv pip compile {' '.join(options)} --output-file {name} pyproject.toml\n"
        else:
            outcome.passed += 1
    return settle(outcome, forgiven=True)


def settle(outcome: Outcome, forgiven: bool = False) -> Outcome:
    """A step skipped for a reason fails in CI, unless the reason is outside (the index of packages)."""
    if outcome.reason and not outcome.failed:
        if CI and not forgiven:
            outcome.failed, outcome.said = 1, f"En CI, cette étape doit pouvoir tourner : {outcome.reason}"
        else:
            outcome.skipped += 1
    return outcome


# --- tests ------------------------------------------------------------------------------------------------------------


def run_pytest(world: World, name: str, arguments: list[str], extra: dict[str, str] | None = None) -> Outcome:
    """pytest with its output on the screen; counts read from its own report."""
    report = world.scratch / f"{name}.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--no-header",
        f"--junitxml={report}",
        "-o",
        "junit_family=xunit2",
        *arguments,
    ]
    environment = {**world.environment, **(extra or {}), "PIX_VAR": str(world.scratch / f"var-{name}")}
    done = subprocess.run([*command, *world.pytest], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)
    outcome = Outcome(name)
    try:
        suites = list(ET.parse(report).getroot().iter("testsuite"))
    except (OSError, ET.ParseError):
        suites = []
    for suite in suites:
        outcome.failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        outcome.skipped += int(suite.get("skipped", 0))
        outcome.passed += int(suite.get("tests", 0))
    outcome.passed = max(0, outcome.passed - outcome.failed - outcome.skipped)
    if done.returncode and not outcome.failed:
        outcome.failed = 1
        outcome.said = f"pytest s'est arrêté avec le code {done.returncode}."
    return outcome


def sqlite(world: World) -> Outcome:
    marks = "not browser and not slow" if world.fast else "not browser"
    return run_pytest(world, "sqlite", ["-n", WORKERS, "-m", marks, "--ignore=tests/e2e"])


def on_postgres(world: World) -> Outcome:
    try:
        with postgres() as url:
            apart = [f"--ignore={path}" for path in ("tests/e2e", *DATABASE_FREE)]
            arguments = ["-n", WORKERS, "-m", "not browser", *apart]
            return run_pytest(world, "postgres", arguments, {"PIX_DATABASE_URL": url})
    except NoPostgres as missing:
        return settle(Outcome("postgres", reason=str(missing)))


def e2e(world: World) -> Outcome:
    chromium = find_chromium() or install_chromium()
    if chromium is None:
        return settle(
            Outcome("e2e", reason="aucun navigateur Chromium ici : les parcours dans un navigateur n'ont pas tourné")
        )
    # Each file in one process: its journeys follow one another on the same demo.
    arguments = ["-n", WORKERS, "--dist", "loadfile", "-m", "browser", "tests"]
    return run_pytest(world, "e2e", arguments, {"TEST_CHROMIUM": chromium})


def find_chromium() -> str | None:
    given = os.environ.get("TEST_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return given or next((found for found in map(shutil.which, names) if found), None)


def install_chromium() -> str | None:
    """Debian's Chromium, when we are root on a Debian-like machine; otherwise nothing is touched."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Chromium manque : installation du paquet de Debian…", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"],
    ):
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"  {' '.join(command)} : {done.stderr.strip()[-500:]}", flush=True)
    return find_chromium()


# --- the command ------------------------------------------------------------------------------------------------------

PY = sys.executable
QUICK: dict[str, Callable[[World], Outcome]] = {
    "types": check("types", [str(BIN / "mypy")]),
    "lint": check("lint", [str(BIN / "ruff"), "check", "."]),
    "format": check("format", [str(BIN / "ruff"), "format", "--check", "."]),
    "imports": check("imports", [str(BIN / "lint-imports")]),
    "templates": check("templates", [str(BIN / "djlint"), "--lint", "--quiet", "pix/web"]),
    "migrations": check("migrations", [PY, "-m", "django", "makemigrations", "--check", "--dry-run"]),
    "lock": lock,
    "bank": check("bank", [PY, "-m", "pix", "bank", "check"]),
}
LONG: dict[str, Callable[[World], Outcome]] = {"sqlite": sqlite, "postgres": on_postgres, "e2e": e2e}
FAST = [*(name for name in QUICK if name != "lock"), "sqlite"]


def chosen(options: argparse.Namespace) -> list[str]:
    every = [*QUICK, *LONG]
    only, skip = (set(filter(None, ",".join(values).split(","))) for values in (options.only, options.skip))
    unknown = (only | skip) - set(every)
    if unknown:
        raise SystemExit(f"Étapes inconnues : {', '.join(sorted(unknown))}. Étapes : {', '.join(every)}.")
    return [
        name
        for name in (FAST if options.fast and not only else every)
        if (not only or name in only) and name not in skip
    ]


def timed(name: str, step: Callable[[World], Outcome], world: World) -> Outcome:
    began = time.monotonic()
    try:
        outcome = step(world)
    except Exception as error:  # a step that breaks is a failure of this step, the others still run
        outcome = Outcome(name, failed=1, said=f"{type(error).__name__} : {error}")
    outcome.seconds = time.monotonic() - began
    return outcome


def tell(outcome: Outcome) -> None:
    counts = f"{outcome.passed} passés, {outcome.failed} échoués" + (
        f", {outcome.skipped} sautés" if outcome.skipped else ""
    )
    print(f"  {outcome.sign:<6}{outcome.name:<11}{outcome.seconds:6.1f} s   {counts}", flush=True)
    if outcome.reason:
        print(f"         !!! {outcome.reason}", flush=True)
    if outcome.said:
        lines = outcome.said.strip().splitlines()
        shown = (
            lines if len(lines) <= SHOWN else [*lines[:5], f"[… {len(lines) - SHOWN} lignes …]", *lines[5 - SHOWN :]]
        )
        print("\n".join("         " + line for line in shown), flush=True)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python3 start.py test", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--fast", action="store_true", help="sans PostgreSQL, navigateur, verrou ni tests lents")
    parser.add_argument("--only", action="append", default=[], metavar="ÉTAPES", help=", ".join([*QUICK, *LONG]))
    parser.add_argument("--skip", action="append", default=[], metavar="ÉTAPES")
    cut = argv.index("--") if "--" in argv else len(argv)
    options, pytest_arguments = parser.parse_args(argv[:cut]), argv[cut + 1 :]
    names = chosen(options)
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave by the doors: the database server stops too
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="pix-test-") as name:
        scratch = Path(name)
        world = World(environment_of(scratch), scratch, options.fast, pytest_arguments)
        quick = [name for name in names if name in QUICK]
        if quick:
            print(f"Vérifications : {', '.join(quick)}", flush=True)
            with ThreadPoolExecutor(2) as pool:
                for outcome in pool.map(lambda name: timed(name, QUICK[name], world), quick):
                    outcomes.append(outcome)
                    tell(outcome)
        for long in (one for one in names if one in LONG):
            print(f"\nTests : {long}", flush=True)
            outcomes.append(timed(long, LONG[long], world))
            tell(outcomes[-1])
    print("\nBilan", flush=True)
    for outcome in outcomes:
        tell(Outcome(**{**vars(outcome), "said": ""}))
    passed, failed, skipped = (sum(getattr(one, kind) for one in outcomes) for kind in ("passed", "failed", "skipped"))
    print(f"\n{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
