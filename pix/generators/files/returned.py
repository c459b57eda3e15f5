"""Opens a file that a pupil sends back: limits first, then parts, never a macro, XML through defusedxml (content plan 7.4)."""

import io
import posixpath
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from pix.generators.states import Malformed

MAX_BYTES = 2_000_000
MAX_ENTRIES = 200
MAX_UNPACKED = 20_000_000
MAX_RATIO = 100
MAX_DEPTH = 40
RATIO_FREE = 200_000
"""A small part may be squeezed more: a blank page of XML reaches 150."""


def parts(name: str, content: bytes, extensions: tuple[str, ...]) -> dict[str, bytes]:
    """Name → bytes of a zip-based file; raises ``Malformed`` with what is wrong, in French."""
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if extension not in extensions:
        raise Malformed(f"Ce n'est pas un fichier {' ou '.join('.' + e for e in extensions)}.")
    if len(content) > MAX_BYTES:
        raise Malformed("Le fichier est trop lourd (2 Mo au plus).")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_ENTRIES:
                raise Malformed("Le fichier contient trop d'éléments.")
            if sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise Malformed("Le fichier décompressé est trop lourd.")
            found: dict[str, bytes] = {}
            total = 0
            for info in infos:
                path = info.filename.replace("\\", "/")
                if path.startswith("/") or ".." in path.split("/") or ":" in path.split("/")[0]:
                    raise Malformed("Le fichier contient un chemin interdit.")
                if posixpath.basename(path).lower() == "vbaproject.bin" or path.startswith("Basic/"):
                    raise Malformed("Le fichier contient une macro : elle n'est jamais ouverte.")
                if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise Malformed("Le fichier est compressé d'une façon inconnue.")
                if path.count("/") > MAX_DEPTH:
                    raise Malformed("Le fichier contient trop de dossiers les uns dans les autres.")
                if info.flag_bits & 0x1:
                    raise Malformed("Le fichier est protégé par un mot de passe.")
                if info.file_size > RATIO_FREE and info.file_size > MAX_RATIO * max(info.compress_size, 1):
                    raise Malformed("Le fichier est trop compressé pour être honnête.")
                if path.endswith("/"):
                    found.setdefault(path, b"")
                    continue
                with archive.open(info) as stream:
                    # The declared size may lie: never read more than what is left of the allowance.
                    found[path] = stream.read(MAX_UNPACKED - total + 1)
                total += len(found[path])
                if total > MAX_UNPACKED:
                    raise Malformed("Le fichier décompressé est trop lourd.")
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
        OverflowError,
    ) as problem:
        if isinstance(problem, Malformed):
            raise
        raise Malformed("Le fichier est abîmé ou n'est pas du bon type.") from problem
    return found


def xml(found: dict[str, bytes], name: str) -> Element:
    """Root of one XML part; raises ``Malformed``."""
    if name not in found:
        raise Malformed("Le fichier n'est pas du type que dit son nom.")
    try:
        root = fromstring(found[name], forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as problem:
        raise Malformed("Le fichier est abîmé.") from problem
    assert isinstance(root, Element)
    return root
