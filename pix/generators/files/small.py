"""The smallest true file of each type that carries a given text: what fills a folder tree."""

import csv
import io
import struct
import wave
import zlib
from collections.abc import Callable
from html import escape

from pix.generators.files.office import ODS, ODT, ods, odt, zip_bytes
from pix.generators.formatted import Paragraph, Run


def _txt(text: str) -> bytes:
    return (text + "\r\n").encode("utf-8-sig")


def _html(text: str) -> bytes:
    return f'<!doctype html>\n<html lang="fr"><meta charset="utf-8"><title>Page</title><p>{escape(text)}</p></html>\n'.encode()


def _svg(text: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="80"><text x="10" y="45">{escape(text)}</text></svg>\n'.encode()


def _csv(text: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow(text.split())
    return out.getvalue().encode("utf-8-sig")


def _odt(text: str) -> bytes:
    return odt(tuple(Paragraph((Run(line),)) for line in text.split("\n") if line.strip()))


def _ods(text: str) -> bytes:
    return ods("Feuille1", [[line] for line in text.split("\n")])


def _png(text: str) -> bytes:
    """Sixteen squares of a grey drawn from the text."""
    shade = sum(text.encode()) % 200 + 30
    rows = b"".join(b"\0" + bytes((shade + 9 * (x // 4) + 5 * (y // 4)) % 256 for x in range(16)) for y in range(16))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0)
    note = b"Comment\0" + text.encode("latin-1", "replace")
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"tEXt", note)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def _gif(text: str) -> bytes:
    shade = bytes([sum(text.encode()) % 256]) * 3
    note = text.encode("latin-1", "replace")[:200]
    comment = b"!\xfe" + bytes([len(note)]) + note + b"\0"
    return (
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00"
        + shade
        + b"\xff\xff\xff"
        + comment
        + b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    )


def _wav(text: str) -> bytes:
    out = io.BytesIO()
    period = 40 + sum(text.encode()) % 60
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes(140 if n % period < period // 2 else 116 for n in range(2000)))
    return out.getvalue()


def _pdf(text: str) -> bytes:
    lines = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in text.split("\n")]
    drawn = " ".join(f"({line}) Tj 0 -18 Td" for line in lines)
    stream = f"BT /F1 12 Tf 72 760 Td {drawn} ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for rank, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (rank, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    )


def _zip(text: str) -> bytes:
    return zip_bytes({"note.txt": _txt(text)})


BUILDERS: dict[str, Callable[[str], bytes]] = {
    "txt": _txt, "md": _txt, "html": _html, "svg": _svg, "csv": _csv, "odt": _odt, "ods": _ods, "png": _png, "gif": _gif, "wav": _wav,
    "pdf": _pdf, "zip": _zip,
}  # fmt: skip

MEDIA_TYPES = {
    "txt": "text/plain", "md": "text/markdown", "html": "text/html", "svg": "image/svg+xml", "csv": "text/csv", "png": "image/png", "gif": "image/gif",
    "wav": "audio/wav", "pdf": "application/pdf", "zip": "application/zip", "odt": ODT, "ods": ODS,
}  # fmt: skip


def build(name: str, text: str) -> bytes:
    """A file of the type of its extension holding this text; plain text when the type is not one of ours."""
    return BUILDERS.get(name.rsplit(".", 1)[-1].lower(), _txt)(text)
