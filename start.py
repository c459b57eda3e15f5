#!/usr/bin/env python3
"""The one entry: prepares an isolated environment from the hashed lock, then runs the program in it.

    python3 start.py                 the demo, on http://127.0.0.1:8000 (HOST and PORT move it)
    python3 start.py test [...]      everything that must hold before a change goes in
    python3 start.py COMMAND [...]   the same as .venv/bin/pix COMMAND [...]

Standard library only. Speaks on stderr, so that what a command prints on stdout stays clean; exit codes and signals
are those of the program, because start.py gives its place to it. A marker file skips what is already done.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

MINIMUM = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
TOOLS = os.path.join(ROOT, ".tools")
MARKER = os.path.join(VENV, "prepared.json")
WINDOWS = os.name == "nt"
BIN = os.path.join(VENV, "Scripts" if WINDOWS else "bin")
PYTHON = os.path.join(BIN, "python.exe" if WINDOWS else "python")
LOCKS = {"demo": "requirements.txt", "test": "requirements-dev.txt"}


class Failed(Exception):
    """A step that did not work; the text says why, for a person."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(argv: "list[str]") -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if sys.version_info < MINIMUM:
        wanted, found = "%d.%d" % MINIMUM, "%d.%d" % sys.version_info[:2]
        say("Il faut Python %s ou plus récent ; celui-ci est le %s (%s)." % (wanted, found, sys.executable))
        say("Python %s or newer is needed; this one is %s." % (wanted, found))
        say("Essayez par exemple : python3.11 start.py, python3.12 start.py, python3.13 start.py")
        return 1
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV):
        # The environment cannot make itself anew: the Python that it was made from does.
        return restart(getattr(sys, "_base_executable", ""), argv)
    kind = "test" if argv[:1] == ["test"] else "demo"
    try:
        prepare(kind)
    except Failed as failure:
        say("\n%s" % failure)
        return 1
    except KeyboardInterrupt:
        say("\nPréparation interrompue : relancez la commande, elle reprendra.")
        return 130
    if kind == "test":
        return become(["-m", "tests.run", *argv[1:]], ROOT)
    return become(["-P", "-m", "pix", *(argv or ["demo"])], os.getcwd())


def restart(python: str, argv: "list[str]") -> int:
    command = [python, os.path.abspath(__file__), *argv]
    if python in ("", sys.executable):
        say("Lancez start.py avec le Python de la machine : python3 start.py")
        return 1
    return subprocess.call(command)


def become(arguments: "list[str]", folder: str) -> int:
    """Run the environment's Python in our place (POSIX), or below us with its exit code (Windows)."""
    environment = dict(os.environ)
    environment.pop("PYTHONHOME", None)
    before = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = ROOT + (os.pathsep + before if before else "")
    os.chdir(folder)
    sys.stdout.flush()
    sys.stderr.flush()
    if WINDOWS:
        return subprocess.call([PYTHON, *arguments], env=environment)
    os.execve(PYTHON, [PYTHON, *arguments], environment)
    raise AssertionError("unreachable")


# --- preparing --------------------------------------------------------------------------------------------------------


def wanted_state(kind: str) -> "dict[str, str]":
    """What the marker must say: the Python, the place, and the hash of the lock."""
    state = {"python": sys.version, "executable": os.path.realpath(sys.executable), "root": ROOT}
    for name in ("demo", "test") if kind == "test" else ("demo",):
        with open(os.path.join(ROOT, LOCKS[name]), "rb") as lock:
            state[name] = hashlib.sha256(lock.read()).hexdigest()
    return state


def present_state() -> "dict[str, str]":
    try:
        with open(MARKER, encoding="utf-8") as marker:
            state = json.load(marker)
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) and os.path.exists(PYTHON) else {}


def ready(kind: str) -> bool:
    present = present_state()
    return all(present.get(key) == value for key, value in wanted_state(kind).items())


def prepare(kind: str) -> None:
    """Make ``.venv`` hold exactly the lock; nothing to do when the marker agrees. Raises ``Failed``."""
    if ready(kind):
        return
    os.makedirs(TOOLS, exist_ok=True)
    with Turn(os.path.join(TOOLS, "start.lock")):
        if ready(kind):  # another start.py did it while we waited
            return
        if "test" in present_state():
            kind = "test"  # an environment for tests stays one
        began = time.monotonic()
        lock = os.path.join(ROOT, LOCKS[kind])
        say("Préparation de l'environnement (une seule fois, moins d'une minute en général)…")
        install(lock)
        write_launcher()
        with open(MARKER + ".new", "w", encoding="utf-8") as marker:
            json.dump(wanted_state(kind), marker)
        os.replace(MARKER + ".new", MARKER)
        say("Environnement prêt en %.0f s." % (time.monotonic() - began))


def install(lock: str) -> None:
    if os.path.exists(MARKER):
        os.remove(MARKER)
    uv = shutil.which("uv") or fetched_uv()
    if uv:
        try:
            install_with_uv(uv, lock)
            return
        except Failed as failure:
            say("  uv n'y est pas arrivé, on continue avec pip (plus lent).")
            first = str(failure)
    else:
        first = ""
    try:
        install_with_pip(lock)
    except Failed as failure:
        raise Failed("%s%s" % (failure, "\n\nAvec uv :\n" + first if first else "")) from None


def install_with_uv(uv: str, lock: str) -> None:
    say("  Installation des bibliothèques avec uv…")
    environment = dict(os.environ)
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"):
        environment.pop(name, None)
    # The machine's own certificates: schools often stand behind a filtering proxy.
    for name in ("UV_SYSTEM_CERTS", "UV_NATIVE_TLS"):
        environment.setdefault(name, "true")
    if not same_python():
        shutil.rmtree(VENV, ignore_errors=True)
        run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, VENV], environment)
    run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, lock], environment)


def install_with_pip(lock: str) -> None:
    environment = dict(os.environ)
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"):
        environment.pop(name, None)
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    shutil.rmtree(VENV, ignore_errors=True)
    say("  Installation des bibliothèques avec pip (une à trois minutes)…")
    if has_module("ensurepip"):
        run([sys.executable, "-m", "venv", VENV], environment)
        pip = [PYTHON, "-m", "pip"]
    elif has_module("pip") and has_module("venv"):
        run([sys.executable, "-m", "venv", "--without-pip", VENV], environment)
        pip = [sys.executable, "-m", "pip", "--python", PYTHON]
    else:
        raise Failed(
            "Ce Python n'a ni uv, ni pip, ni ensurepip : impossible de préparer l'environnement.\n"
            "  Debian, Ubuntu : sudo apt install python3-venv\n"
            "  ou installez uv (https://docs.astral.sh/uv/), puis relancez.\n"
            "This Python has no uv, no pip and no ensurepip: install python3-venv (or uv), then try again."
        )
    run([*pip, "install", "--quiet", "--require-hashes", "-r", lock], environment)


def fetched_uv() -> "str | None":
    """``uv`` fetched by pip beside the program, never in the system (so that PEP 668 has nothing to say)."""
    name = os.path.join(TOOLS, "bin", "uv.exe" if WINDOWS else "uv")
    wanted = os.path.join(ROOT, "tools", "uv.txt")
    if not os.path.exists(name):
        if not has_module("pip"):
            return None
        say("  Récupération de uv…")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        try:
            run([*command, "--upgrade", "--target", TOOLS, "--require-hashes", "-r", wanted], dict(os.environ))
        except Failed:
            return None
    try:
        run([name, "--version"], dict(os.environ))
    except Failed:
        return None
    return name


def same_python() -> bool:
    """Whether ``.venv`` exists and was made from the Python that runs us."""
    try:
        found = subprocess.run(
            [PYTHON, "-c", "import sys; print(sys.version)"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return found.stdout.decode("utf-8", "replace").strip() == sys.version.strip()


def has_module(name: str) -> bool:
    command = [sys.executable, "-c", "import " + name]
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def run(command: "list[str]", environment: "dict[str, str]") -> None:
    """One quiet command; raises ``Failed`` with the end of what it said."""
    try:
        done = subprocess.run(
            command,
            check=False,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise Failed("%s : %s" % (command[0], error)) from error
    if done.returncode:
        end = done.stdout.decode("utf-8", "replace").strip().splitlines()[-20:]
        raise Failed(
            "La préparation a échoué. Vérifiez la connexion (ou le proxy) puis relancez.\n"
            "Preparation failed. Check the network (or the proxy), then try again.\n"
            "  $ %s\n  %s" % (" ".join(command), "\n  ".join(end))
        )


def write_launcher() -> None:
    """``.venv/bin/pix``: the command line, from any folder."""
    if WINDOWS:
        path, text = os.path.join(BIN, "pix.cmd"), '@set PYTHONPATH=%s\r\n@"%s" -P -m pix %%*\r\n' % (ROOT, PYTHON)
    else:
        quoted = ["'%s'" % part.replace("'", "'\\''") for part in (ROOT, PYTHON)]
        path = os.path.join(BIN, "pix")
        text = '#!/bin/sh\nPYTHONPATH=%s${PYTHONPATH:+:$PYTHONPATH} exec %s -P -m pix "$@"\n' % tuple(quoted)
    with open(path + ".new", "w", encoding="utf-8", newline="") as launcher:
        launcher.write(text)
    os.chmod(path + ".new", 0o755)
    os.replace(path + ".new", path)


class Turn:
    """One preparation at a time: the second start.py waits for the first."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> None:
        self.file = open(self.path, "a", encoding="utf-8")
        try:
            import fcntl
        except ImportError:  # Windows: no waiting, the marker is written last all the same
            return
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Une autre préparation est en cours, on l'attend…")
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self.file.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
