"""Receiving a roll: the token is checked and the import exists before the body is read; the body is bounded and whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.crypto import constant_time_compare, salted_hmac

QUERY_KEY = "jeton"
"""Name of the token in the address of the form."""
_PIECE = 64 * 1024


class Broken(Exception):
    """The body cannot be read, or ended before its announced length."""


def token_for(request: HttpRequest, school: UUID) -> str:
    """What proves that the form came from our page: of this session and this school only, good for nothing else.

    It stands in the address, since the usual token stands in the body, which must not be read yet.
    """
    said = f"{request.session.session_key}:{school}"
    return salted_hmac("pix.web.orga.imports", said, algorithm="sha256").hexdigest()


def token_holds(request: HttpRequest, school: UUID) -> bool:
    if getattr(request, "_dont_enforce_csrf_checks", False):  # Django's test client, as for the usual token
        return True
    return constant_time_compare(request.GET.get(QUERY_KEY, ""), token_for(request, school))


class _Whole:
    """The body as it comes, which says when it ends too early: half a CSV would pass for the whole school."""

    def __init__(self, stream: Any, length: int) -> None:
        self.stream, self.length, self.received = stream, length, 0

    def read(self, *sizes: int) -> bytes:
        return self._counted(self.stream.read(*sizes), wanted=sizes != (0,))

    def readline(self, *sizes: int) -> bytes:
        return self._counted(self.stream.readline(*sizes), wanted=sizes != (0,))

    def _counted(self, data: bytes, *, wanted: bool) -> bytes:
        self.received += len(data)
        if wanted and not data and self.received < self.length:
            raise OSError("the body ended too early")
        return data


def read_form(request: HttpRequest, limit: int) -> "Ceiling":
    """Read the body: the form's fields and a file of at most ``limit`` bytes. Raises ``Broken``."""
    ceiling = Ceiling(request, limit)
    request.upload_handlers.insert(0, ceiling)
    request._stream = _Whole(request._stream, int(request.META.get("CONTENT_LENGTH") or 0))  # type: ignore[assignment]
    try:
        request.POST  # noqa: B018 - this reads it
    except (UnreadablePostError, MultiPartParserError) as error:
        raise Broken from error
    return ceiling


def let_pass(request: HttpRequest, limit: int) -> None:
    """Read a body that nobody wants, so that the browser ends its sending and shows the answer."""
    received = 0
    try:
        while received <= limit and (data := request.read(_PIECE)):
            received += len(data)
    except UnreadablePostError:
        pass


@dataclass(frozen=True, slots=True)
class Oversized:
    """What is left of a file that was too large: its name, and that it was."""

    name: str
    size: int

    def chunks(self, chunk_size: int = 0) -> Iterator[bytes]:
        return iter(())


class Ceiling(FileUploadHandler):
    """First of the upload handlers: counts, and drops the file that passes the limit (in bytes)."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self.limit, self.received = limit, 0
        self.oversized: Oversized | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > self.limit:
            self.oversized = Oversized(self.file_name or "", self.received)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handlers make the file."""
