"""Which encoding a SIECLE file is in, by rule and never by guess, and its text as UTF-8 for the parser (schools 5.2)."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pix.interop.rows import FileFault
from pix.interop.siecle.container import CHUNK, Source

_HEAD = 128
_BOMS = (
    (codecs.BOM_UTF32_LE, ""),  # begins like the UTF-16 mark: must be looked at before it
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF16_DECLARATIONS = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
_DECLARED = re.compile(rb"""^<\?xml\s[^>]*?\bencoding\s*=\s*(?:"([^">]*)"|'([^'>]*)')""")
_DECLARATION = re.compile(r"^<\?xml\s[^>]*\?>")
_ENCODING_PART = re.compile(r"""\sencoding\s*=\s*("[^"]*"|'[^']*')""")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._:-]*")

SINGLE_BYTE = frozenset({"ascii", "iso8859-1", "iso8859-15", "cp1252", "mac-roman"})
_SUPPORTED = SINGLE_BYTE | {"utf-8", "utf-16", "utf-16-le", "utf-16-be"}
_OTHER_NAMES = {
    "x-mac-roman": "mac-roman",
    "x-macroman": "mac-roman",
    "csmacintosh": "mac-roman",
    "csisolatin9": "iso8859-15",
    "latin-9": "iso8859-15",
    "x-cp1252": "cp1252",
    "cswindows1252": "cp1252",
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """A Python codec; ``bom``: bytes to drop; ``declared``: the XML declaration named it."""

    codec: str
    bom: int = 0
    declared: bool = False

    @property
    def single_byte(self) -> bool:
        return self.declared and self.codec in SINGLE_BYTE


def encoding_of(head: bytes) -> Encoding:
    """From the first 128 bytes: byte order mark, else declaration, else UTF-8. Raises ``FileFault``."""
    for mark, codec in _BOMS:
        if head.startswith(mark):
            if not codec:
                raise FileFault("ENCODING_NOT_SUPPORTED")
            return Encoding(codec, bom=len(mark))
    for start, codec in _UTF16_DECLARATIONS:
        if head.startswith(start):
            return Encoding(codec)
    found = _DECLARED.match(head[:_HEAD])
    if found is None:
        return Encoding("utf-8")
    return Encoding(_codec(next(name for name in found.groups() if name is not None)), declared=True)


def _codec(name: bytes) -> str:
    text = name.decode("ascii", "replace").strip().lower()
    if not _NAME.fullmatch(text):
        raise FileFault("ENCODING_NOT_SUPPORTED")
    try:
        codec = _OTHER_NAMES.get(text) or codecs.lookup(text).name
    except LookupError:
        raise FileFault("ENCODING_NOT_SUPPORTED") from None
    if codec not in _SUPPORTED:
        raise FileFault("ENCODING_NOT_SUPPORTED")
    return codec


def utf8_pieces(source: Source, first: bytes, encoding: Encoding) -> Iterator[bytes]:
    """The text again as UTF-8, piece by piece; undecodable bytes become U+FFFD.

    The encoding is wiped from the declaration (same length, so that line and column still tell the truth).
    """
    decoder = codecs.getincrementaldecoder(encoding.codec)("replace")
    text = decoder.decode(first[encoding.bom :], final=False)
    if declaration := _DECLARATION.match(text):
        plain = _ENCODING_PART.sub(lambda part: " " * len(part.group()), declaration.group())
        text = plain + text[declaration.end() :]
    if text:
        yield text.encode("utf-8")
    while piece := source.read(CHUNK):
        if text := decoder.decode(piece):
            yield text.encode("utf-8")
    if text := decoder.decode(b"", final=True):
        yield text.encode("utf-8")


_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ufffd]")


def is_unreadable(value: str, encoding: Encoding | None = None) -> bool:
    """Replacement or control character, or UTF-8 bytes read as a declared single-byte encoding (« Ã© » for « é »)."""
    if _UNREADABLE.search(value):
        return True
    if value.isascii() or encoding is None or not encoding.single_byte:
        return False
    try:
        value.encode(encoding.codec).decode("utf-8")
    except UnicodeError:
        return False
    return True
