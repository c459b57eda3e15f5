"""Generated files: same bytes for one seed, answers spread and right, and returned files judged whatever they hold."""

import io
import operator
import random
import zipfile
from collections import Counter
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf import opendocument, table, text

from pix.generators.contract import BadParams, Draw, Returned
from pix.generators.files import read_text
from pix.generators.files.office import odt, zip_bytes
from pix.generators.files.small import BUILDERS, build
from pix.generators.formatted import Document, apply, from_json
from pix.generators.registry import GABARITS, GENERATORS
from tests.generators.scenarios import SCENARIOS

SEEDS = range(200)
CALLS: list[tuple[str, dict[str, Any]]] = [
    *[("F13", {"ask": ask}) for ask in ("word", "where", "count", "biggest", "newest")],
    *[("F01", {"ask": ask, "format": "ods" if rank % 2 else "xlsx"}) for rank, ask in enumerate(("total", "category", "max", "mean", "count", "balance"))],
    ("F01", {"traps": True, "lines": "30"}),
    ("F14", {"ask": "file"}),
    ("F14", {"ask": "type"}),
    ("MONDE", {"people": 3, "digits": {"prix": [12, 48]}}),
]  # fmt: skip


def draw(code: str, params: dict[str, Any], seed: int) -> Draw:
    return GENERATORS[code](random.Random(seed), params)


@pytest.mark.parametrize(("code", "params"), CALLS, ids=str)
def test_one_seed_gives_one_draw_and_the_same_bytes(code: str, params: dict[str, Any]) -> None:
    for seed in (1, 2, 3):
        one = draw(code, params, seed)
        bytes_of_one = [file.build() for file in one.files]
        draw("F13", {}, 99).files[0].build()
        two = draw(code, params, seed)
        assert (one.values, one.solution, one.preview) == (two.values, two.solution, two.preview)
        assert bytes_of_one == [file.build() for file in two.files]


@pytest.mark.parametrize(
    ("code", "params", "most"),
    [("F13", {"ask": "word"}, 0.05), ("F13", {"ask": "where"}, 0.15), ("F01", {"ask": "total"}, 0.05), ("F01", {"ask": "balance"}, 0.05), ("F01", {"ask": "category"}, 0.05), ("F14", {"ask": "file"}, 0.35), ("F14", {"ask": "type"}, 0.25)],
)  # fmt: skip
def test_answers_are_spread(code: str, params: dict[str, Any], most: float) -> None:
    answers = Counter(draw(code, params, seed).solution for seed in range(400))
    assert answers.most_common(1)[0][1] <= 400 * most, answers.most_common(3)


def entries(made: Draw) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made.files[0].build())) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}


def test_f13_word_is_in_the_file_at_the_path_and_nowhere_else() -> None:
    for seed in SEEDS:
        made = draw("F13", {"files": 60, "depth": 3}, seed)
        if seed % 20 == 0:
            files = entries(made)
            assert len(files) == 60
            texts = {
                path: content.decode("utf-8-sig", "replace") for path, content in files.items() if path.endswith(".txt")
            }
            assert made.solution is not None
            assert made.solution in texts[made.values["chemin"]]
            assert [path for path, content in texts.items() if made.solution in content.split()] == [
                made.values["chemin"]
            ]
            assert sum(path.endswith("/" + made.values["nom"]) for path in files) > 2


@pytest.mark.parametrize("ask", ["where", "count", "biggest", "newest"])
def test_f13_other_questions_agree_with_the_archive(ask: str) -> None:
    for seed in range(25):
        made = draw("F13", {"ask": ask}, seed)
        assert made.solution is not None
        with zipfile.ZipFile(io.BytesIO(made.files[0].build())) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
        inside = [info for info in infos if info.filename.rsplit("/", 1)[0] == made.values["dossier"]]
        if ask == "where":
            expected = [
                info.filename.split("/")[-2] for info in infos if info.filename.endswith("/" + made.values["nom"])
            ]
        elif ask == "count":
            expected = [str(len(inside))]
        else:
            key = operator.attrgetter("file_size" if ask == "biggest" else "date_time")
            expected = [max(inside, key=key).filename.rsplit("/", 1)[1]]
        assert expected == [made.solution.split("\n")[0]], seed
        folders = [info.filename.split("/")[-2] for info in infos]
        assert len({tuple(info.filename.split("/")[:-1]) for info in infos}) >= len(set(folders)) > 5


def cells(made: Draw) -> list[list[Any]]:
    content = made.files[0].build()
    if made.files[0].name.endswith("xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(content))["Budget"]
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    rows = []
    for row in opendocument.load(io.BytesIO(content)).spreadsheet.getElementsByType(table.TableRow):
        line: list[Any] = []
        for cell in row.getElementsByType(table.TableCell):
            value = cell.getAttribute("value")
            shown = "".join(str(p) for p in cell.getElementsByType(text.P))
            line.append(float(value) if value is not None else shown or None)
        rows.append(line)
    return rows


@pytest.mark.parametrize("extension", ["ods", "xlsx"])
def test_f01_answers_come_from_the_lines_of_the_file(extension: str) -> None:
    for seed in range(20):
        found = {
            ask: draw("F01", {"ask": ask, "format": extension}, seed) for ask in ("total", "category", "max", "balance")
        }
        rows = cells(found["total"])[1:]
        spent = [(row[1], row[2], row[4]) for row in rows if isinstance(row[4], int | float)]
        earned = sum(row[3] for row in rows if isinstance(row[3], int | float))
        total = round(sum(amount for _, _, amount in spent))
        category = found["category"].values["categorie"]
        first = {ask: str(made.solution).split("\n")[0] for ask, made in found.items()}
        assert first["total"] == str(total)
        assert first["category"] == str(round(sum(amount for _, c, amount in spent if c == category)))
        assert first["balance"] == str(round(earned - total))
        assert [name for name, _, amount in spent if amount == max(a for _, _, a in spent)] == [first["max"]]
        mean = draw("F01", {"ask": "mean", "format": extension}, seed)
        amounts = [row[4] for row in cells(mean)[1:] if isinstance(row[4], int | float)]
        assert str(mean.solution).split("\n")[0] == str(int(sum(amounts) / len(amounts)))
        assert sum(amounts) % len(amounts) == 0


def test_f14_only_one_extension_lies() -> None:
    signs = {
        "pdf": b"%PDF",
        "png": b"\x89PNG",
        "gif": b"GIF8",
        "zip": b"PK\x03\x04",
        "wav": b"RIFF",
        "html": b"<!doctype",
    }

    def truth(content: bytes) -> str:
        return next((kind for kind, sign in signs.items() if content.startswith(sign)), "txt")

    for seed in SEEDS:
        made = draw("F14", {"ask": "file"}, seed)
        if seed % 4 == 0:
            liars = [name for name, content in entries(made).items() if truth(content) != name.rsplit(".", 1)[1]]
            assert liars == [made.values[f"f{made.solution}"]]
        made = draw("F14", {"ask": "type"}, seed)
        assert truth(made.files[0].build()) == str(made.solution).split("\n")[0]
        assert not made.files[0].name.endswith(f".{str(made.solution).split(chr(10))[0]}")


def test_the_world_gives_different_names_and_bounded_numbers() -> None:
    for seed in SEEDS:
        values = draw("MONDE", {"people": 4, "digits": {"prix": [12, 48]}}, seed).values
        assert len({values[f"p{rank}"] for rank in range(1, 5)}) == 4
        assert 12 <= values["prix"] <= 48
    with pytest.raises(BadParams, match="digits"):
        draw("MONDE", {"digits": {"prix": "12"}}, 1)


@pytest.mark.parametrize("extension", sorted(BUILDERS))
def test_small_files_differ_with_their_text_and_not_otherwise(extension: str) -> None:
    assert build(f"a.{extension}", "Le mot : loutre") == build(f"b.{extension}", "Le mot : loutre")
    assert build(f"a.{extension}", "Le mot : loutre") != build(f"a.{extension}", "Le mot : violon")


# --- files sent back --------------------------------------------------------------------------------------------------------

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RENDU = SCENARIOS["rendu texte (3.1.2)"]


def rendu() -> Draw:
    return GABARITS["RENDU"](random.Random(1), RENDU.params)


def done() -> Document:
    made = rendu()
    assert made.state is not None
    return from_json(RENDU.solve(made.state))


def docx(document: Document, styles: str = "") -> bytes:
    """What a word processor writes, reduced to what counts."""
    colours = {"red": "C9211E", "black": "auto"}
    body = ""
    for paragraph in document:
        properties = {"center": '<w:jc w:val="center"/>'}.get(paragraph.align, "")
        if paragraph.list != "none":
            properties = '<w:pStyle w:val="ListBullet"/>' + properties
        body += f"<w:p><w:pPr>{properties}</w:pPr>"
        for run in paragraph.runs:
            bold = "<w:b/>" if run.bold else ""
            body += f'<w:r><w:rPr>{bold}<w:color w:val="{colours[run.colour]}"/><w:sz w:val="{int(run.size * 2)}"/></w:rPr><w:t xml:space="preserve">{run.text}</w:t></w:r>'
        body += "</w:p>"
    numbering = f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="4"/></w:num></w:numbering>'
    listed = f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>{styles}</w:styles>'
    return zip_bytes(
        {"word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}<w:p/></w:body></w:document>'.encode(), "word/styles.xml": listed.encode(), "word/numbering.xml": numbering.encode()}
    )  # fmt: skip


def judge(name: str, content: bytes) -> Any:
    made = rendu()
    assert made.check is not None
    return made.check(Returned(name, content))


def test_the_file_given_holds_the_document_and_is_not_yet_right() -> None:
    made = rendu()
    assert made.state is not None
    content = made.files[0].build()
    assert made.files[0].name == "affiche.odt"
    assert read_text.read(Returned("affiche.odt", content)) == from_json(made.state)
    assert not judge("affiche.odt", content).ok


@pytest.mark.parametrize(("name", "write"), [("affiche.odt", odt), ("AFFICHE (1).ODT", odt), ("affiche.docx", docx)])
def test_a_good_file_is_accepted_from_any_suite(name: str, write: Any) -> None:
    result = judge(name, write(done()))
    assert result.ok, result.unmet


@pytest.mark.parametrize("write", [odt, docx])
def test_structure_then_value_then_damage(write: Any) -> None:
    name = "a.odt" if write is odt else "a.docx"
    good = done()
    assert judge(name, write(good[:-1])).unmet == (
        "Le texte lui-même a changé : il fallait seulement le mettre en forme.",
    )
    assert judge(name, write(apply(good, 0, 0, 99, "align", "left"))).unmet == (
        "« Tournoi des Galets » : l'alignement n'est pas comme demandé.",
    )
    assert judge(name, write(apply(good, 1, 0, 99, "bold", True))).unmet == (
        "« Prévois : » : le gras n'aurait pas dû changer.",
    )


def bomb() -> bytes:
    return zip_bytes({"content.xml": b"<a>" + b" " * 19_000_000 + b"</a>"})


@pytest.mark.parametrize(
    ("why", "name", "content", "said"),
    [
        ("another type", "a.txt", b"bonjour", "Ce n'est pas un fichier .odt ou .docx."),
        ("no extension", "a", b"bonjour", "Ce n'est pas un fichier .odt ou .docx."),
        ("not a zip", "a.odt", b"bonjour", "Le fichier est abîmé ou n'est pas du bon type."),
        ("empty", "a.odt", b"", "Le fichier est abîmé ou n'est pas du bon type."),
        ("too heavy", "a.odt", b"x" * 2_000_001, "Le fichier est trop lourd (2 Mo au plus)."),
        ("too squeezed", "a.odt", bomb(), "Le fichier est trop compressé pour être honnête."),
        ("too many entries", "a.odt", zip_bytes({f"{n}.xml": b"" for n in range(201)}), "Le fichier contient trop d'éléments."),
        ("a way out", "a.odt", zip_bytes({"../content.xml": b""}), "Le fichier contient un chemin interdit."),
        ("a macro", "a.docx", zip_bytes({"word/vbaProject.bin": b"x"}), "Le fichier contient une macro : elle n'est jamais ouverte."),
        ("an entity bomb", "a.odt", zip_bytes({"content.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "Le fichier est abîmé."),
        ("an odt called docx", "a.docx", odt(()), "Le fichier n'est pas du type que dit son nom."),
        ("no body", "a.odt", zip_bytes({"content.xml": b"<a/>"}), "Le fichier n'est pas un document texte."),
        ("broken XML", "a.docx", zip_bytes({"word/document.xml": b"<a"}), "Le fichier est abîmé."),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_with_a_reason(why: str, name: str, content: bytes, said: str) -> None:
    assert judge(name, content).unmet == (said,), why


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damaged_file_breaks_the_reader(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["a.odt", "a.docx"]))
    content = bytearray(odt(done()) if name == "a.odt" else docx(done()))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(judge(name, bytes(content[: data.draw(st.integers(0, len(content)))])).ok, bool)


FOLDER = {
    "kind": "dossier",
    "name": "club",
    "files": ["photo1.jpg", "photo2.jpg", "Textes/règlement.odt", "Textes/vieux.txt"],
    "goals": [
        {"folder": "Photos"},
        {"only_in": {"files": ["photo1.jpg", "photo2.jpg"], "folder": "Photos"}},
        {"deleted": "Textes/vieux.txt"},
    ],
}


@pytest.mark.parametrize(
    ("why", "top", "change", "ok"),
    [
        ("nothing done", "club/", {}, False),
        (
            "tidied, with its top folder",
            "club/",
            {"photo1.jpg": "Photos/photo1.jpg", "photo2.jpg": "Photos/photo2.jpg", "Textes/vieux.txt": None},
            True,
        ),
        (
            "tidied, packed without top folder",
            "",
            {"photo1.jpg": "photos/photo1.jpg", "photo2.jpg": "photos/photo2.jpg", "Textes/vieux.txt": None},
            True,
        ),
        (
            "one photo copied, not moved",
            "club/",
            {
                "photo1.jpg": "Photos/photo1.jpg",
                "photo2.jpg": ["Photos/photo2.jpg", "photo2.jpg"],
                "Textes/vieux.txt": None,
            },
            False,
        ),
        (
            "a file lost",
            "club/",
            {
                "photo1.jpg": "Photos/photo1.jpg",
                "photo2.jpg": "Photos/photo2.jpg",
                "Textes/vieux.txt": None,
                "Textes/règlement.odt": None,
            },
            False,
        ),
    ],
)
def test_a_folder_sent_back(why: str, top: str, change: dict[str, Any], ok: bool) -> None:
    made = GABARITS["RENDU"](random.Random(5), FOLDER)
    assert made.check is not None
    sent: dict[str, bytes] = {"__MACOSX/x": b"x"}
    for path, content in entries(made).items():
        inner = path.removeprefix("club/")
        places = change.get(inner, inner)
        for place in places if isinstance(places, list) else [places] if places else []:
            sent[top + place] = content
    result = made.check(Returned("club.zip", zip_bytes(sent)))
    assert result.ok is ok, (why, result.unmet)
    assert made.files[0].build() == GABARITS["RENDU"](random.Random(5), FOLDER).files[0].build()
