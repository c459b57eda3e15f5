"""Office files with the same bytes for the same draw: OpenDocument by odfpy, zip rewritten with one date and order."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from odf import style as odf_style
from odf import table as odf_table
from odf import text as odf_text
from odf.element import Element
from odf.namespaces import nsdict
from odf.opendocument import OpenDocument, OpenDocumentSpreadsheet, OpenDocumentText

from pix.generators.formatted import Document, Paragraph, Run

ZIP_DATE: "ZipDate" = (2026, 1, 5, 8, 0, 0)
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
COLOUR_CODES = {
    "black": "#1b2430",
    "red": "#b3261e",
    "blue": "#1b4f9c",
    "green": "#1e6b2b",
    "orange": "#a85400",
    "purple": "#5a3aa3",
}
_ALIGN = {"left": "start", "center": "center", "right": "end", "justify": "justify"}
_STYLE_NAMES = {
    "normal": "Standard",
    "title": "Title",
    "heading1": "Heading_20_1",
    "heading2": "Heading_20_2",
    "quote": "Quotations",
}
INDENT_CM = 1.25

# odfpy declares the namespaces that the process has met so far: without this, bytes depend on what was written before.
Element.namespaces.clear()
Element.namespaces.update(nsdict)


ZipDate = tuple[int, int, int, int, int, int]


def zip_bytes(
    entries: Sequence[tuple[str, bytes]] | Mapping[str, bytes],
    stored: Sequence[str] = (),
    dates: Mapping[str, ZipDate] | None = None,
) -> bytes:
    """A zip whose bytes depend on its arguments only; ``stored`` = not compressed; ``dates`` by entry, else a fixed one."""
    listed = list(entries.items()) if isinstance(entries, Mapping) else list(entries)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in listed:
            info = zipfile.ZipInfo(name, (dates or {}).get(name, ZIP_DATE))
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            info.external_attr = (0o40755 << 16 | 0x10) if name.endswith("/") else 0o100644 << 16
            info.create_system = 3
            archive.writestr(info, content)
    return out.getvalue()


def normalised(document: OpenDocument) -> bytes:
    """Bytes of an OpenDocument file: ``mimetype`` first and stored, the rest in order, no date of today."""
    raw = io.BytesIO()
    document.write(raw)
    with zipfile.ZipFile(raw) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    mimetype = parts.pop("mimetype")
    return zip_bytes([("mimetype", mimetype), *sorted(parts.items())], stored=("mimetype",))


def _without_dates(document: OpenDocument) -> OpenDocument:
    for element in list(document.meta.childNodes):
        if element.qname[1] in ("creation-date", "date"):
            document.meta.removeChild(element)
    return document


class _Styles:
    """Automatic styles, one per different format, named in order of first use."""

    def __init__(self, document: OpenDocument) -> None:
        self.document = document
        self.made: dict[object, str] = {}

    def of_run(self, run: Run) -> str:
        key = ("T", run.bold, run.italic, run.underline, run.size, run.colour)
        if key not in self.made:
            self.made[key] = f"T{len(self.made) + 1}"
            element = odf_style.Style(name=self.made[key], family="text")
            asked = {"fontsize": f"{run.size:g}pt", "color": COLOUR_CODES[run.colour]}
            asked["fontweight"] = "bold" if run.bold else "normal"
            asked["fontstyle"] = "italic" if run.italic else "normal"
            if run.underline:
                asked |= {
                    "textunderlinestyle": "solid",
                    "textunderlinewidth": "auto",
                    "textunderlinecolor": "font-color",
                }
            element.addElement(odf_style.TextProperties(**asked))
            self.document.automaticstyles.addElement(element)
        return self.made[key]

    def of_paragraph(self, paragraph: Paragraph) -> str:
        key = ("P", paragraph.align, paragraph.style, paragraph.spacing, paragraph.indent)
        if key not in self.made:
            self.made[key] = f"P{len(self.made) + 1}"
            element = odf_style.Style(
                name=self.made[key], family="paragraph", parentstylename=_STYLE_NAMES[paragraph.style]
            )
            asked = {"textalign": _ALIGN[paragraph.align], "lineheight": f"{round(paragraph.spacing * 100)}%"}
            asked["marginleft"] = f"{paragraph.indent * INDENT_CM:g}cm"
            element.addElement(odf_style.ParagraphProperties(**asked))
            self.document.automaticstyles.addElement(element)
        return self.made[key]


def _named_styles(document: OpenDocument) -> None:
    for name, shown, size in (
        ("Standard", "Standard", 12),
        ("Title", "Title", 12),
        ("Heading_20_1", "Heading 1", 12),
        ("Heading_20_2", "Heading 2", 12),
        ("Quotations", "Quotations", 12),
    ):
        parent = {} if name == "Standard" else {"parentstylename": "Standard"}
        element = odf_style.Style(name=name, displayname=shown, family="paragraph", **parent)
        element.addElement(odf_style.TextProperties(fontsize=f"{size}pt"))
        document.styles.addElement(element)


def odt(content: Document) -> bytes:
    """The document as an .odt; lists are true lists, formats automatic styles."""
    document = OpenDocumentText()
    _named_styles(document)
    styles = _Styles(document)
    for kind in ("bullet", "number"):
        list_style = odf_text.ListStyle(name=f"L{kind}")
        if kind == "bullet":
            list_style.addElement(odf_text.ListLevelStyleBullet(level="1", bulletchar="•"))
        else:
            list_style.addElement(odf_text.ListLevelStyleNumber(level="1", numformat="1", numsuffix="."))
        document.automaticstyles.addElement(list_style)
    current: tuple[str, odf_text.List] | None = None
    for paragraph in content:
        style_name = styles.of_paragraph(paragraph)
        if paragraph.style in ("title", "normal", "quote") or paragraph.list != "none":
            element = odf_text.P(stylename=style_name)
        else:
            element = odf_text.H(stylename=style_name, outlinelevel=paragraph.style[-1])
        for run in paragraph.runs:
            span = odf_text.Span(stylename=styles.of_run(run))
            span.addText(run.text)
            element.addElement(span)
        if paragraph.list == "none":
            current = None
            document.text.addElement(element)
            continue
        if current is None or current[0] != paragraph.list:
            current = (paragraph.list, odf_text.List(stylename=f"L{paragraph.list}"))
            document.text.addElement(current[1])
        item = odf_text.ListItem()
        item.addElement(element)
        current[1].addElement(item)
    return normalised(_without_dates(document))


def ods(
    title: str, rows: Sequence[Sequence[str | float | None]], formulas: Mapping[tuple[int, int], str] | None = None
) -> bytes:
    """One sheet; numbers are numbers, texts are texts. ``formulas``: (row, column) → OpenFormula text, beside its value."""
    document = OpenDocumentSpreadsheet()
    sheet = odf_table.Table(name=title)
    for row_rank, row in enumerate(rows):
        line = odf_table.TableRow()
        for column, value in enumerate(row):
            formula = (formulas or {}).get((row_rank, column))
            extra = {"formula": formula} if formula else {}
            if value is None:
                line.addElement(odf_table.TableCell())
            elif isinstance(value, str):
                cell = odf_table.TableCell(valuetype="string", **extra)
                cell.addElement(odf_text.P(text=value))
                line.addElement(cell)
            else:
                cell = odf_table.TableCell(valuetype="float", value=f"{value:g}", **extra)
                cell.addElement(odf_text.P(text=f"{value:g}".replace(".", ",")))
                line.addElement(cell)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    return normalised(_without_dates(document))
