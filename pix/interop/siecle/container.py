"""The bytes of the one XML of an upload, bare or zipped, whatever the zip claims (schools 5.1)."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

from pix.interop.rows import FileFault

CHUNK = 64 * 1024
MEGABYTE = 1024 * 1024

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_END_RECORD = b"PK\x05\x06"
_ZIP64_LOCATOR = b"PK\x06\x07"
_END_RECORD_SIZE = 22
_LOCATOR_SIZE = 20
_MAX_COMMENT = 65_535
_MAX_DIRECTORY = MEGABYTE
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
    OSError,
)


class Source(Protocol):
    """Bytes to read piece by piece; ``drain`` reads what is left, so that a fault of the container is found first."""

    def read(self, size: int, /) -> bytes: ...

    def drain(self) -> None: ...


class _Bare:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        return self._stream.read(size)

    def drain(self) -> None:
        """A bare file has nothing left to say: its size was measured when received."""


class _Entry:
    """One entry of a zip, counted while it is unpacked: the sizes that the zip declares prove nothing."""

    def __init__(self, entry: "zipfile.ZipExtFile", limit: int) -> None:
        self._entry = entry
        self._limit = limit
        self._unpacked = 0

    def read(self, size: int, /) -> bytes:
        try:
            piece = self._entry.read(size)
        except _BROKEN:
            raise FileFault("INVALID_FILE") from None
        self._unpacked += len(piece)
        if self._unpacked > self._limit:
            raise _too_large(self._limit)
        return piece

    def drain(self) -> None:
        while self.read(CHUNK):
            pass


def _too_large(limit: int) -> FileFault:
    return FileFault("PAYLOAD_TOO_LARGE", max_size=str(limit // MEGABYTE))


def is_zip(head: bytes) -> bool:
    """By the first bytes, never by the name."""
    return head.startswith(_ZIP_STARTS)


@contextmanager
def opened(stream: BinaryIO, max_unpacked: int) -> Iterator[Source]:
    """The XML inside ``stream`` (seekable, at its start). Raises ``FileFault``."""
    head = stream.read(4)
    stream.seek(0)
    if not is_zip(head):
        yield _Bare(stream)
        return
    _refuse_huge_directory(stream)
    try:
        archive = zipfile.ZipFile(stream)
    except _BROKEN:
        raise FileFault("INVALID_FILE") from None
    with archive:
        entry = _only_entry(archive)
        if entry.file_size > max_unpacked:
            raise _too_large(max_unpacked)
        try:
            content = archive.open(entry)
        except _BROKEN:
            raise FileFault("INVALID_FILE") from None
        assert isinstance(content, zipfile.ZipExtFile)
        with content:
            yield _Entry(content, max_unpacked)


def _only_entry(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    entries = [entry for entry in archive.infolist() if _acceptable(entry.filename)]
    if len(entries) != 1:
        raise FileFault("INVALID_FILE")
    entry = entries[0]
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Other methods let a zip of 20 MiB ask for gigabytes of dictionary before the first byte comes out.
        raise FileFault("INVALID_FILE")
    return entry


def _acceptable(name: str) -> bool:
    segments = name.replace("\\", "/").split("/")
    return (
        segments[-1].lower().endswith(".xml")
        and not any(segment.startswith(".") for segment in segments)
        and segments[0] != "__MACOSX"
    )


def _refuse_huge_directory(stream: BinaryIO) -> None:
    """``zipfile`` loads the whole list of entries at once: half a million of them fit in 20 MiB, so look at its size first."""
    end = stream.seek(0, 2)
    start = max(0, end - _END_RECORD_SIZE - _MAX_COMMENT)
    stream.seek(start)
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(_END_RECORD)
    zip64 = at >= _LOCATOR_SIZE and tail.startswith(_ZIP64_LOCATOR, at - _LOCATOR_SIZE)
    if at < 0 or len(tail) - at < _END_RECORD_SIZE or zip64:
        raise FileFault("INVALID_FILE")
    (directory_size,) = struct.unpack_from("<I", tail, at + 12)
    if directory_size > _MAX_DIRECTORY:
        raise FileFault("INVALID_FILE")
