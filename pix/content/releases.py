"""Released files on disk and the process's own: written once, loaded once, older ones kept loadable; no database.

``configure`` says where they are and costs nothing; the first ``current()`` loads. All functions are safe in threads.
"""

import gzip
import os
import re
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import RLock

import msgspec

from pix.content.bank import Bank
from pix.content.compiler import encode, release_id
from pix.content.release import FORMAT, Release

OLDER_KEPT = 4
"""Older releases held in memory at a time."""

POINTER = "current"
"""Names the newest release built in a folder."""

_ID = re.compile(r"[0-9a-f]{64}")
_SUFFIX = ".json.gz"


class ReleaseMissing(LookupError):
    """No such release here: build one with ``pix bank build``."""


class ReleaseDamaged(ValueError):
    """The file's bytes are not what its name says, or its format is newer than this program."""


def write(release: Release, folder: Path, *, make_current: bool = True) -> str:
    """Writes ``<id>.json.gz`` (same release, same bytes) and points ``current`` to it; gives the id. Atomic."""
    payload = encode(release)
    identifier = release_id(payload)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{identifier}{_SUFFIX}"
    if not target.is_file():
        _replace(target, gzip.compress(payload, compresslevel=6, mtime=0))
    if make_current:
        _replace(folder / POINTER, f"{identifier}\n".encode())
    return identifier


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path) -> Bank:
    """Reads one release file. ``ReleaseMissing`` or ``ReleaseDamaged`` when it cannot be trusted."""
    try:
        payload = gzip.decompress(path.read_bytes())
    except FileNotFoundError as error:
        raise ReleaseMissing(f"no release at {path}") from error
    except (OSError, EOFError) as error:
        raise ReleaseDamaged(f"{path.name} cannot be unpacked") from error
    identifier = release_id(payload)
    if path.name != f"{identifier}{_SUFFIX}":
        raise ReleaseDamaged(f"{path.name} holds release {identifier}")
    try:
        release = msgspec.json.decode(payload, type=Release)
    except msgspec.DecodeError as error:
        raise ReleaseDamaged(f"{path.name}: {error}") from error
    if release.format > FORMAT:
        raise ReleaseDamaged(f"{path.name} has format {release.format}, this program reads up to {FORMAT}")
    return Bank(release, identifier)


_lock = RLock()
_folder: Path | None = None
_wanted: str | None = None
_current: Bank | None = None
_older: OrderedDict[str, Bank] = OrderedDict()


def configure(folder: Path, release_id: str | None = None) -> None:
    """Where releases are, and which one to serve (``None`` = the newest built there). Nothing is read yet."""
    global _folder, _wanted, _current
    with _lock:
        _folder, _wanted, _current = folder, release_id, None
        _older.clear()


def install(bank: Bank) -> None:
    """Makes an already built bank the process's current one (demo, tests)."""
    global _current
    with _lock:
        _current = bank


def current() -> Bank:
    """The process's bank, loaded at the first call. ``ReleaseMissing`` when there is none."""
    global _current
    bank = _current
    if bank is not None:
        return bank
    with _lock:
        if _current is None:
            _current = load(_path(_wanted or newest()))
        return _current


def newest() -> str:
    """Id of the newest release built in the configured folder."""
    if _folder is None:
        raise ReleaseMissing("releases are not configured")
    try:
        return (_folder / POINTER).read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        raise ReleaseMissing(f"no release built in {_folder}: run « pix bank build »") from error


def get(release_id: str) -> Bank:
    """The named release, current or older; the last few used stay in memory."""
    bank = _current
    if bank is not None and bank.id == release_id:
        return bank
    with _lock:
        if _current is None and _folder is not None and release_id == (_wanted or newest()):
            return current()
        if release_id in _older:
            _older.move_to_end(release_id)
            return _older[release_id]
        loaded = load(_path(release_id))
        _older[release_id] = loaded
        while len(_older) > OLDER_KEPT:
            _older.popitem(last=False)
        return loaded


def _path(identifier: str) -> Path:
    if not _ID.fullmatch(identifier):
        raise ReleaseMissing(f"not a release id: {identifier!r}")
    if _folder is None:
        raise ReleaseMissing("releases are not configured")
    return _folder / f"{identifier}{_SUFFIX}"
