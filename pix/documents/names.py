"""Names of the files that people download, and the header that carries them."""

import re
import unicodedata
from urllib.parse import quote

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|\u202a-\u202e\u2066-\u2069]')
STEM_MAX = 150


def file_name(stem: str, extension: str) -> str:
    """A name that every system accepts, accents kept: forbidden signs become ``_``, the stem is cut at 150 signs."""
    kept = _FORBIDDEN.sub("_", stem).strip(" .")[:STEM_MAX].strip(" .")
    return f"{kept or 'fichier'}.{extension}"


def disposition(name: str) -> str:
    """``Content-Disposition`` of a download: an ASCII form for old readers, then the true name (RFC 5987)."""
    bare = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE").replace("’", "'"))
    ascii_name = "".join(sign for sign in bare if not unicodedata.combining(sign)).encode("ascii", "replace").decode()
    ascii_name = ascii_name.replace("?", "_").replace("\\", "_").replace('"', "_")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
