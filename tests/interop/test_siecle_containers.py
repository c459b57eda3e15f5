"""Hostile and odd containers and encodings: the numbered cases of schools 16.2. Nothing may crash or fill the memory."""

import codecs
import io
import resource
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from pix.interop.reading import check_report, read_roll
from pix.interop.rows import MAX_FILE, RollFormat
from pix.interop.siecle import read as read_siecle
from tests.interop.fregata_files import fregata
from tests.interop.siecle_files import TODAY, UAI, file_code, pupil, read, siecle, zip_of
from tests.samples.make_samples import siecle_file

VALID = siecle(pupil(1, PRENOM="Zoé"), pupil(2, NOM_DE_FAMILLE="CŒUR"))
TEXT = VALID.decode("iso8859-15").split("?>", 1)[1]

READABLE = [
    ("35-utf8-with-mark", codecs.BOM_UTF8 + TEXT.encode()),
    ("35-utf8-without-declaration", TEXT.encode()),
    ("35-declaration-without-encoding", f"<?xml version='1.0'?>{TEXT}".encode()),
    ("mark-wins-over-declaration", codecs.BOM_UTF8 + f"<?xml version='1.0' encoding='ISO-8859-15'?>{TEXT}".encode()),
    ("single-quotes", f"<?xml version='1.0' encoding='ISO-8859-15'?>{TEXT}".encode("iso8859-15")),
    ("utf16-le", codecs.BOM_UTF16_LE + f'<?xml version="1.0" encoding="UTF-16"?>{TEXT}'.encode("utf-16-le")),
    ("utf16-be", codecs.BOM_UTF16_BE + f'<?xml version="1.0" encoding="UTF-16"?>{TEXT}'.encode("utf-16-be")),
    ("utf16-without-mark", f'<?xml version="1.0" encoding="UTF-16"?>{TEXT}'.encode("utf-16-le")),
    ("windows-1252", f'<?xml version="1.0" encoding="windows-1252"?>{TEXT}'.encode("cp1252")),
    ("mac-roman", f'<?xml version="1.0" encoding="x-mac-roman"?>{TEXT}'.encode("mac-roman")),
    ("macintosh", f'<?xml version="1.0" encoding="macintosh"?>{TEXT}'.encode("mac-roman")),
    ("latin-9", f'<?xml version="1.0" encoding="latin-9" standalone="yes"?>{TEXT}'.encode("iso8859-15")),
    ("39-zip", zip_of({"ElevesSansAdresses.xml": VALID})),
    ("39-zip-deep-folder", zip_of({"a/b/c/ElevesSansAdresses.xml": VALID})),
    ("39-zip-upper-case", zip_of({"ELEVES.XML": VALID})),
    ("41-hidden-copy", zip_of({"b.xml": VALID, "folder/.a.xml": b"?"})),
    ("41-macosx", zip_of({"b.xml": VALID, "__MACOSX/._b.xml": b"?", "__MACOSX/c.xml": b"?"})),
    ("41-empty-hidden-folder", zip_of({".folder/": b"", "b.xml": VALID})),
    ("zip-with-a-note", zip_of({"lisez-moi.txt": b"bonjour", "b.xml": VALID})),
]


@pytest.mark.parametrize("content", [pytest.param(c, id=i) for i, c in READABLE])
@pytest.mark.proves("A-077", "A-078")
def test_read_normally(content: bytes) -> None:
    reading = read(content)
    assert reading.importable
    assert [(row.first_name, row.last_name) for row in reading.rows] == [("Zoé", "DURAND"), ("Léa", "CŒUR")]


def _encrypted() -> bytes:
    content = bytearray(zip_of({"a.xml": VALID}))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _corrupted(at: float) -> bytes:
    content = bytearray(zip_of({"a.xml": siecle_file(UAI, pupils=300)}))
    place = int(len(content) * at)
    content[place] ^= 0xFF
    content[place + 1] ^= 0xFF
    return bytes(content)


def _method(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a.xml", VALID)
    return out.getvalue()


def _huge_directory() -> bytes:
    """A zip whose list of entries weighs megabytes, all of them empty."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(12_000):
            archive.writestr(f"{number:050d}.txt", b"")
    return out.getvalue()


def _dtd(inner: str, body: str = "") -> bytes:
    return siecle(pupil(1, PRENOM=body or "Zoé"), prolog=f"<!DOCTYPE BEE_ELEVES {inner}>")


BOMB = (
    '[<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)) + "]"
)

INVALID = [
    ("36-truncated-root", b"<BEE_EL"),
    ("36-sentence", "Bonjour, voici la liste des élèves.".encode()),
    ("36-empty", b""),
    ("36-another-root", b"<CLASSES/>"),
    ("36-truncated-in-the-middle", VALID[: len(VALID) // 2]),
    ("36-namespace", b"<BEE_ELEVES xmlns='urn:x'/>"),
    ("37-duplicate-then-unclosed", siecle(pupil(1), pupil(2, ID_NATIONAL="0000000001A")).replace(b"</DONNEES>", b"")),
    ("37-two-roots", VALID + b"<BEE_ELEVES/>"),
    ("38-external-entity", _dtd('[<!ENTITY x SYSTEM "file:///etc/passwd">]', "&x;")),
    ("38-external-dtd", _dtd('SYSTEM "http://localhost:9/x.dtd"')),
    ("38-nested-entities", _dtd(BOMB, "&j;")),
    ("38-empty-doctype", _dtd("")),
    ("unknown-entity", siecle(pupil(1, PRENOM="&x;"))),
    ("null-bytes", b"\x00" * 5000),
    ("40-two-xml", zip_of({"a.xml": VALID, "b.xml": VALID})),
    ("40-no-xml", zip_of({"a.csv": b"a;b"})),
    ("40-nothing", zip_of({})),
    ("42-corrupted-in-the-middle", _corrupted(0.5)),
    ("42-corrupted-crc", zip_of({"a.xml": VALID}).replace(struct.pack("<I", zlib.crc32(VALID)), b"abcd")),
    ("42-encrypted", _encrypted()),
    ("42-zip-in-zip", zip_of({"a.zip": zip_of({"a.xml": VALID})})),
    ("42-zip-named-xml-in-zip", zip_of({"a.xml": zip_of({"a.xml": VALID})})),
    ("zip-cut-short", zip_of({"a.xml": VALID})[:-30]),
    ("zip-parent-folder", zip_of({"../a.xml": VALID})),
    ("zip-lzma", _method(zipfile.ZIP_LZMA)),
    ("zip-bzip2", _method(zipfile.ZIP_BZIP2)),
    ("zip-huge-directory", _huge_directory()),
    ("many-pupils", b"<BEE_ELEVES><DONNEES><ELEVES>" + b"<ELEVE/>" * 60_000 + b"</ELEVES></DONNEES></BEE_ELEVES>"),
    ("deep", b"<BEE_ELEVES>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</BEE_ELEVES>"),
]


@pytest.mark.parametrize("content", [pytest.param(c, id=i) for i, c in INVALID])
@pytest.mark.proves("A-082")
def test_not_conforming(content: bytes) -> None:
    reading = read(content)
    assert file_code(reading) == "INVALID_FILE"
    assert check_report(reading) == {
        "accepted": 0,
        "skipped": [],
        "problems": [],
        "warnings": [],
        "file_error": {"code": "INVALID_FILE", "text": "Le fichier n'est pas conforme."},
    }


def test_a_syntax_error_tells_its_line() -> None:
    lines = siecle(pupil(1)).replace(b"<PRENOM>", b"\n\n<PRENOM>").replace(b"</PRENOM>", b"</PRENOMS>")
    error = read(lines).file_error
    assert error is not None
    assert error.meta["line"] == 4
    assert error.meta["column"] > 1


@pytest.mark.parametrize("name", ["x-macthai", "UTF-7", "Shift_JIS", "base64", "..", "é", ""])
@pytest.mark.parametrize("wrap", [bytes, lambda content: zip_of({"a.xml": content})], ids=["bare", "zip"])
@pytest.mark.proves("A-082")
def test_35_encoding_not_supported(name: str, wrap: Callable[[bytes], bytes]) -> None:
    content = f"<?xml version='1.0' encoding='{name}'?>{TEXT}".encode()
    assert file_code(read(wrap(content))) == "ENCODING_NOT_SUPPORTED"


def test_utf32_is_not_taken_for_utf16() -> None:
    assert file_code(read(codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"))) == "ENCODING_NOT_SUPPORTED"


def test_declaration_cut_by_the_size_of_a_piece_still_reads() -> None:
    text = f"<?xml version='1.0' encoding='ISO-8859-15'?>{'<!-- é -->' * 20_000}{TEXT}"
    assert read(text.encode("iso8859-15")).importable


@pytest.mark.parametrize("filling", [b"\x00", b" ", b"<a></a>"], ids=["zeros", "spaces", "elements"])
@pytest.mark.parametrize("declared", ["true size", "small size"])
def test_40_a_small_zip_that_unpacks_beyond_the_limit(filling: bytes, declared: str) -> None:
    limit = 4 * 1024 * 1024
    start = b"<BEE_ELEVES>" if filling != b"\x00" else b""
    content = zip_of({"a.xml": start + filling * (8 * 1024 * 1024 // len(filling))})
    if declared == "small size":
        at = content.rindex(b"PK\x01\x02") + 24
        content = content[:at] + struct.pack("<I", 1000) + content[at + 4 :]
    reading = read_siecle(io.BytesIO(content), uai=UAI, today=TODAY, max_unpacked=limit)
    # A size that lies ends the entry early, with a wrong checksum: corrupted.
    assert file_code(reading) == ("PAYLOAD_TOO_LARGE" if declared == "true size" else "INVALID_FILE")


def test_40_measured_while_unpacking() -> None:
    """The declared size only shortens the work: without it, the count of unpacked bytes says the same."""
    content = siecle(*[pupil(number) for number in range(1, 2000)])
    packed = zip_of({"a.xml": content})
    exact = read_siecle(io.BytesIO(packed), uai=UAI, today=TODAY, max_unpacked=len(content))
    assert len(exact.rows) == 1999
    less = read_siecle(io.BytesIO(packed), uai=UAI, today=TODAY, max_unpacked=len(content) - 1)
    assert file_code(less) == "PAYLOAD_TOO_LARGE"


@pytest.mark.slow
@pytest.mark.parametrize(
    "filling", [b"<a></a>", b"<ELEVE><PRENOM>x</PRENOM></ELEVE>", b" "], ids=["elements", "pupils", "spaces"]
)
def test_memory_stays_flat_under_a_bomb(filling: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.xml", "w") as entry:
        entry.write(b"<BEE_ELEVES><DONNEES><ELEVES>")
        for _ in range(60):
            entry.write(filling * (1024 * 1024 // len(filling)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert file_code(read(out.getvalue())) == "INVALID_FILE"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80 * 1024  # kilobytes


def _invented_names() -> bytes:
    return b"".join(b"<t%d/>" % number for number in range(1_500_000))


def _endless_attributes() -> bytes:
    return b"<ELEVE " + b"".join(b"a%d='>' " % number for number in range(1_500_000)) + b"/>"


HOSTILE = {
    "invented-names": _invented_names,
    "endless-attributes": _endless_attributes,
    "endless-value": lambda: b"<ELEVE ELEVE_ID='" + b"x" * 60_000_000 + b"'/>",
    "endless-text": lambda: b"<ELEVE><PRENOM>" + b"x" * 60_000_000 + b"</PRENOM></ELEVE>",
    "endless-comment": lambda: b"<!--" + b"x" * 60_000_000 + b"-->",
    "bottomless": lambda: b"<a>" * 5_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_memory_stays_flat_under_odd_elements(kind: str) -> None:
    packed = zip_of({"a.xml": b"<BEE_ELEVES><DONNEES><ELEVES>" + HOSTILE[kind]()})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert file_code(read(packed)) == "INVALID_FILE"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024  # kilobytes


def test_memory_of_a_large_school() -> None:
    content = siecle_file(UAI, pupils=3_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(read(content).rows) == 3_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80 * 1024  # kilobytes


@pytest.mark.parametrize(("size", "code"), [(MAX_FILE, ""), (MAX_FILE + 1, "PAYLOAD_TOO_LARGE")])
@pytest.mark.proves("A-082")
def test_43_size_limit(size: int, code: str) -> None:
    content = VALID + b" " * (size - len(VALID))
    reading = read(content)
    assert file_code(reading) == code
    if code:
        report = check_report(reading)
        assert report["file_error"] == {"code": code, "text": "La taille du fichier doit être inférieure à 20 Mo."}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac-roman"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.proves("A-082")
def test_44_fregata_in_a_siecle_school(encoding: str, delimiter: str) -> None:
    reading = read(fregata(encoding=encoding, delimiter=delimiter))
    assert file_code(reading) == "INVALID_FILE_EXTENSION"
    assert check_report(reading)["file_error"] == {
        "code": "INVALID_FILE_EXTENSION",
        "text": "Extension csv non supportée.",
    }


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (VALID, "xml"),
        (codecs.BOM_UTF8 + VALID, "xml"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "xml"),
        (b"\n<BEE_EL", "xml"),
        (zip_of({"a.xml": VALID}), "zip"),
        (zip_of({"a.csv": fregata()}), "zip"),
    ],
)
def test_44_siecle_in_an_agricultural_school(content: bytes, extension: str) -> None:
    reading = read_roll(io.BytesIO(content), format=RollFormat.FREGATA, uai=UAI, today=TODAY)
    assert file_code(reading) == "INVALID_FILE_EXTENSION"
    assert reading.file_error is not None
    assert reading.file_error.meta == {"extension": extension}


def test_order_of_file_errors() -> None:
    """Size, container, encoding, syntax, UAI: the first one ends the analysis."""
    other_school = siecle(pupil(1), parameters="")
    assert file_code(read(other_school)) == "UAI_MISMATCHED"
    assert file_code(read(other_school[:-5])) == "INVALID_FILE"
    unknown = other_school[:-5].replace(b"ISO-8859-15", b"x-macthai")
    assert file_code(read(unknown)) == "ENCODING_NOT_SUPPORTED"
    broken = zip_of({"a.xml": unknown}).replace(struct.pack("<I", zlib.crc32(unknown)), b"abcd")
    assert file_code(read(broken)) == "INVALID_FILE"
