"""Commands that need the settings: the demonstration, the servers, Django's own."""

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import FrameType

BASE_DIR = Path(__file__).resolve().parent.parent


def _django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def manage(argv: list[str]) -> int:
    """Django's commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["pix manage", *argv])
    return 0


def worker(argv: list[str]) -> int:
    """Run background jobs until stopped."""
    _django()
    from config.schedule import regular_work
    from pix.jobs.worker import Worker

    loop = Worker(schedule=regular_work())
    loop.configure_signals()
    loop.run()
    return 0


def certifiability(argv: list[str]) -> int:
    """Queue the nightly job of certifiability by hand; the worker does it."""
    parser = argparse.ArgumentParser(prog="pix certifiability")
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--all", action="store_true", help="tous les élèves actifs reliés à un compte")
    chosen.add_argument("--never", action="store_true", help="ceux dont le profil n'a jamais été calculé")
    chosen.add_argument("--since", help="connectés ou changés après cet instant (ISO 8601, heure de Paris)")
    parser.add_argument("--until", help="… et jusqu'à celui-ci ; par défaut, maintenant")
    options = parser.parse_args(argv)
    _django()
    from pix.core import clock
    from pix.learners.actions import look_again
    from pix.learners.rules.certifiability import Window

    def instant(text: str) -> datetime:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=clock.PARIS)

    try:
        window = (
            Window(instant(options.since), instant(options.until) if options.until else clock.now())
            if options.since
            else None
        )
    except ValueError as error:
        parser.error(str(error))
    look_again(window=window, only_never=options.never)
    return 0


def _granian(host: str, port: str) -> list[str]:
    workers = os.environ.get("PIX_WORKERS", "1")
    threads = os.environ.get("PIX_THREADS", "1")
    return [
        sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi",
        "--host", host, "--port", port, "--workers", workers, "--blocking-threads", threads,
        "--workers-kill-timeout", "5", "--respawn-failed-workers", "--no-ws", "--log-level", "warning",
    ]  # fmt: skip


def serve(argv: list[str]) -> int:
    """Serve the pages; everything is set by the environment."""
    _prepare_static()
    os.chdir(BASE_DIR)
    command = _granian(os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000"))
    os.execv(command[0], command)  # noqa: S606
    return 0


def _prepare_static() -> None:
    _django()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["django_htmx*"])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def demo(argv: list[str]) -> int:
    """Prepare the demonstration once, then serve it with its worker until stopped."""
    os.environ.setdefault("PIX_DEMO", "1")
    os.environ.setdefault("PIX_VAR", str(BASE_DIR / "var" / "demo"))
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    os.environ.setdefault("PIX_ALLOWED_HOSTS", f"{host},127.0.0.1,localhost,[::1],testserver")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(BASE_DIR), os.environ.get("PYTHONPATH", "")]))
    os.chdir(BASE_DIR)
    started = time.monotonic()
    _say("Préparation de la démonstration…")
    _django()
    from django.conf import settings
    from django.core.management import call_command

    from pix.content.commands import bank_build
    from pix.web.demo import seed

    settings.VAR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    if bank_build(["--quiet", "--out", str(settings.RELEASES_FOLDER)]) != 0:
        return 1
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["django_htmx*"])
    seed.ensure(say=_say, small="--small" in argv)
    if "--prepare" in argv:
        return 0
    from django.db import connections

    connections.close_all()
    children = [
        subprocess.Popen(_granian(host, port)),
        subprocess.Popen([sys.executable, "-m", "pix", "worker"]),
    ]

    def stop(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        _wait_until_up(f"http://{host}:{port}/healthz", children[0])
        _say(f"Prêt en {time.monotonic() - started:.0f} s : http://{host}:{port}/demo   (Ctrl+C pour arrêter)")
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for child in children:
            with suppress(ProcessLookupError):
                child.terminate()
        for child in children:
            try:
                child.wait(timeout=8)
            except subprocess.TimeoutExpired:
                child.kill()


def _wait_until_up(url: str, server: subprocess.Popen[bytes]) -> None:
    """Until the first page answers; gives up when the server ended or after 30 s."""
    for _try in range(300):
        if server.poll() is not None:
            raise SystemExit("Le serveur ne démarre pas : le port est peut-être déjà pris (PORT=8001 pour en changer).")
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("Le serveur a démarré mais ne répond pas : les messages au-dessus disent pourquoi.")
