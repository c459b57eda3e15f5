"""Receiving a roll: past the size limit nothing more is kept, however much the browser sends."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


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
