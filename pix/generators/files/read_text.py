"""Reads the .odt or .docx that a pupil sends back into the formatted document that the checker knows."""

import colorsys
import math
import re
from collections.abc import Iterator
from itertools import islice
from xml.etree.ElementTree import Element

from pix.generators.contract import Returned
from pix.generators.files import returned
from pix.generators.files.office import INDENT_CM
from pix.generators.formatted import Document, Paragraph, Run
from pix.generators.states import Malformed

_O = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TEXT, STYLE, OFFICE = _O % "text", _O % "style", _O % "office"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
MAX_PARAGRAPHS = 2_000
_CM = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6}
_NAMED = {"title": "title", "titre": "title", "heading 1": "heading1", "heading 2": "heading2", "titre 1": "heading1", "titre 2": "heading2"} | {
    "quotations": "quote", "quote": "quote", "citation": "quote",
}  # fmt: skip


def read(file: Returned) -> Document:
    """Paragraphs in order, empty ones left out; raises ``Malformed``."""
    parts = returned.parts(file.name, file.content, ("odt", "docx"))
    document = _Odt(parts).document() if file.name.lower().endswith(".odt") else _Docx(parts).document()
    return tuple(paragraph for paragraph in document if paragraph.text.strip())


def colour_name(code: str) -> str:
    """Nearest name of the palette for ``#rrggbb``; automatic or unreadable = black."""
    match = re.fullmatch(r"#?([0-9a-fA-F]{6})", code.strip())
    if not match:
        return "black"
    red, green, blue = (int(match[1][at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < 0.25 or light < 0.12:
        return "black"
    # The palette's own ink is a dark bluish grey.
    if light < 0.2 and saturation < 0.4:
        return "black"
    degrees = hue * 360
    for limit, name in ((15, "red"), (50, "orange"), (170, "green"), (255, "blue"), (330, "purple")):
        if degrees < limit:
            return name
    return "red"


def _length_cm(value: str | None) -> float:
    match = re.fullmatch(r"(-?[0-9.]{1,12})([a-z]{2})", value or "")
    try:
        return float(match[1]) * _CM.get(match[2], 0) if match else 0.0
    except ValueError:
        return 0.0


def _number(value: str | None, default: float) -> float:
    try:
        number = float(value) if value is not None and len(value) < 12 else default
    except ValueError:
        return default
    return number if math.isfinite(number) else default


class _Odt:
    """OpenDocument text: automatic styles over named styles over the default."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.content = returned.xml(parts, "content.xml")
        styles = returned.xml(parts, "styles.xml") if "styles.xml" in parts else None
        self.styles: dict[tuple[str, str], Element] = {}
        self.automatic: set[tuple[str, str]] = set()
        self.lists: dict[str, str] = {}
        for root in (styles, self.content):
            if root is None:
                continue
            for element in root.iter(STYLE + "style"):
                key = (element.get(STYLE + "family", ""), element.get(STYLE + "name", ""))
                self.styles[key] = element
            for element in root.iter(STYLE + "default-style"):
                self.styles[(element.get(STYLE + "family", ""), "")] = element
            for element in root.iter(TEXT + "list-style"):
                first = next((child for child in element if child.get(TEXT + "level") == "1"), None)
                number = (
                    first is not None
                    and first.tag == TEXT + "list-level-style-number"
                    and bool(first.get(STYLE + "num-format"))
                )
                self.lists[element.get(STYLE + "name", "")] = "number" if number else "bullet"
        automatic = self.content.find(OFFICE + "automatic-styles")
        for element in automatic if automatic is not None else ():
            self.automatic.add((element.get(STYLE + "family", ""), element.get(STYLE + "name", "")))

    def _chain(self, family: str, name: str) -> Iterator[Element]:
        """The style, its parents, the default of the family; a loop stops."""
        seen: set[str] = set()
        while name and name not in seen and len(seen) < 20:
            seen.add(name)
            element = self.styles.get((family, name))
            if element is None:
                break
            yield element
            name = element.get(STYLE + "parent-style-name", "")
        if (family, "") in self.styles:
            yield self.styles[(family, "")]

    def _property(self, family: str, name: str, kind: str, attribute: str) -> str | None:
        for element in self._chain(family, name):
            properties = element.find(f"{STYLE}{kind}-properties")
            if properties is not None and properties.get(attribute) is not None:
                return properties.get(attribute)
        return None

    def _run(self, text: str, paragraph_style: str, spans: list[str]) -> Run:
        def wanted(attribute: str) -> str:
            for span in reversed(spans):
                for element in self._chain("text", span):
                    properties = element.find(STYLE + "text-properties")
                    if properties is not None and properties.get(attribute) is not None:
                        return properties.get(attribute, "")
            return self._property("paragraph", paragraph_style, "text", attribute) or ""

        weight, slant, line = (
            wanted(FO + "font-weight"),
            wanted(FO + "font-style"),
            wanted(STYLE + "text-underline-style"),
        )
        size = wanted(FO + "font-size")
        points = (
            12 * _number(size[:-1], 100) / 100
            if size.endswith("%")
            else round(_length_cm(size) / _CM["pt"], 1)
            if size
            else 12
        )
        return Run(
            text,
            bold=weight == "bold" or (weight.isdecimal() and int(weight[:4]) >= 600),
            italic=slant in ("italic", "oblique"),
            underline=line not in ("", "none"),
            size=points,
            colour=colour_name(wanted(FO + "color")),
        )

    def _texts(self, element: Element, spans: list[str], depth: int = 0) -> Iterator[tuple[str, list[str]]]:
        if depth > 40:
            raise Malformed("Le fichier est abîmé.")
        if element.text:
            yield element.text, spans
        for child in element:
            if child.tag == TEXT + "s":
                yield " " * min(int(_number(child.get(TEXT + "c"), 1)), 100), spans
            elif child.tag in (TEXT + "tab", TEXT + "line-break"):
                yield " ", spans
            elif child.tag == TEXT + "span":
                yield from self._texts(child, [*spans, child.get(TEXT + "style-name", "")], depth + 1)
            elif child.tag == TEXT + "a":
                yield from self._texts(child, spans, depth + 1)
            if child.tail:
                yield child.tail, spans

    def _paragraph(self, element: Element, list_kind: str) -> Paragraph:
        name = element.get(TEXT + "style-name", "")
        runs = tuple(self._run(text, name, spans) for text, spans in self._texts(element, []))
        align = self._property("paragraph", name, "paragraph", FO + "text-align") or "start"
        height = self._property("paragraph", name, "paragraph", FO + "line-height") or "100%"
        spacing = _number(height[:-1], 100) / 100 if height.endswith("%") else 1.0
        margin = self._property("paragraph", name, "paragraph", FO + "margin-left") or "0cm"
        return Paragraph(
            runs,
            align={"end": "right", "right": "right", "center": "center", "justify": "justify"}.get(align, "left"),
            list=list_kind,
            style=self._style(element, name),
            spacing=round(spacing, 2),
            indent=max(0, min(9, round(_length_cm(margin) / INDENT_CM))),
        )

    def _style(self, element: Element, name: str) -> str:
        for style in self._chain("paragraph", name):
            key = ("paragraph", style.get(STYLE + "name", ""))
            if key in self.automatic:
                continue
            shown = (style.get(STYLE + "display-name") or key[1].replace("_20_", " ")).lower()
            if shown in _NAMED:
                return _NAMED[shown]
            break
        if element.tag == TEXT + "h":
            return {"1": "heading1", "2": "heading2"}.get(element.get(TEXT + "outline-level", "1"), "normal")
        return "normal"

    def document(self) -> Document:
        body = self.content.find(f"{OFFICE}body/{OFFICE}text")
        if body is None:
            raise Malformed("Le fichier n'est pas un document texte.")
        return tuple(islice(self._walk(body, "none", 0), MAX_PARAGRAPHS))

    def _walk(self, element: Element, list_kind: str, depth: int) -> Iterator[Paragraph]:
        if depth > 40:
            raise Malformed("Le fichier est abîmé.")
        for child in element:
            if child.tag in (TEXT + "p", TEXT + "h"):
                yield self._paragraph(child, list_kind)
            elif child.tag == TEXT + "list":
                kind = self.lists.get(
                    child.get(TEXT + "style-name", ""), list_kind if list_kind != "none" else "bullet"
                )
                yield from self._walk(child, kind, depth + 1)
            elif child.tag in (TEXT + "list-item", TEXT + "list-header", TEXT + "section"):
                yield from self._walk(child, list_kind, depth + 1)


class _Docx:
    """Office Open XML: run over paragraph style over the defaults."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.root = returned.xml(
            {
                name: content.replace(_STRICT_W[1:-1].encode(), W[1:-1].encode())
                for name, content in parts.items()
                if name == "word/document.xml"
            },
            "word/document.xml",
        )
        styles = returned.xml(parts, "word/styles.xml") if "word/styles.xml" in parts else None
        self.styles: dict[str, Element] = {}
        self.defaults: list[Element] = []
        if styles is not None:
            self.styles = {element.get(W + "styleId", ""): element for element in styles.iter(W + "style")}
            self.defaults = list(styles.iter(W + "docDefaults"))
            self.normal = next(
                (
                    i
                    for i, e in self.styles.items()
                    if e.get(W + "type") == "paragraph" and e.get(W + "default") in ("1", "true")
                ),
                "",
            )
        else:
            self.normal = ""
        self.lists: dict[str, str] = {}
        if "word/numbering.xml" in parts:
            self._numbering(returned.xml(parts, "word/numbering.xml"))

    def _numbering(self, root: Element) -> None:
        kinds = {}
        for abstract in root.iter(W + "abstractNum"):
            level = next((e for e in abstract.iter(W + "lvl") if e.get(W + "ilvl") == "0"), None)
            shape = level.find(W + "numFmt") if level is not None else None
            value = shape.get(W + "val", "") if shape is not None else "bullet"
            kinds[abstract.get(W + "abstractNumId", "")] = "bullet" if value in ("bullet", "none") else "number"
        for number in root.iter(W + "num"):
            link = number.find(W + "abstractNumId")
            self.lists[number.get(W + "numId", "")] = (
                kinds.get(link.get(W + "val", ""), "bullet") if link is not None else "bullet"
            )

    def _sources(self, direct: list[Element | None], style_id: str) -> list[Element]:
        """Where to look for a property, the strongest first."""
        found = [element for element in direct if element is not None]
        seen: set[str] = set()
        style_id = style_id or self.normal
        while style_id and style_id not in seen and len(seen) < 20:
            seen.add(style_id)
            element = self.styles.get(style_id)
            if element is None:
                break
            found.append(element)
            based = element.find(W + "basedOn")
            style_id = based.get(W + "val", "") if based is not None else ""
        return found + self.defaults

    @staticmethod
    def _find(sources: list[Element], kind: str, tag: str) -> Element | None:
        for source in sources:
            if source.tag == W + kind:
                holder: Element | None = source
            elif source.tag == W + "docDefaults":
                holder = source.find(f"{W}{kind}Default/{W}{kind}")
            else:
                holder = source.find(W + kind)
            found = holder.find(W + tag) if holder is not None else None
            if found is not None:
                return found
        return None

    def _run(self, run: Element, sources: list[Element]) -> Run:
        own = run.find(W + "rPr")
        named = own.find(W + "rStyle") if own is not None else None
        chain = [*([own] if own is not None else [])]
        if named is not None:
            chain += [e for e in self._sources([], named.get(W + "val", "")) if e.tag == W + "style"]
        chain += sources

        def on(tag: str) -> bool:
            element = self._find(chain, "rPr", tag)
            return element is not None and element.get(W + "val", "true") not in ("0", "false", "off", "none")

        size, colour = self._find(chain, "rPr", "sz"), self._find(chain, "rPr", "color")
        text = "".join(
            (child.text or "") if child.tag == W + "t" else " " if child.tag in (W + "tab", W + "br") else ""
            for child in run
        )
        return Run(
            text,
            bold=on("b"),
            italic=on("i"),
            underline=on("u"),
            size=_number(size.get(W + "val"), 24) / 2 if size is not None else 10,
            colour=colour_name(colour.get(W + "val", "")) if colour is not None else "black",
        )

    def _paragraph(self, element: Element) -> Paragraph:
        own = element.find(W + "pPr")
        named = own.find(W + "pStyle") if own is not None else None
        style_id = named.get(W + "val", "") if named is not None else ""
        sources = self._sources([own], style_id)
        from_style = self._sources([], style_id)
        deleted = {run for gone in element.iter(W + "del") for run in gone.iter(W + "r")}
        runs = tuple(self._run(run, from_style) for run in element.iter(W + "r") if run not in deleted)

        def value(tag: str, attribute: str = "val") -> str:
            found = self._find(sources, "pPr", tag)
            return found.get(W + attribute, "") if found is not None else ""

        numbering = self._find(sources, "pPr", "numPr")
        link = numbering.find(W + "numId") if numbering is not None else None
        number = link.get(W + "val", "0") if link is not None else "0"
        rule, line = value("spacing", "lineRule"), value("spacing", "line")
        indent = value("ind", "left") or value("ind", "start")
        align = value("jc")
        return Paragraph(
            runs,
            align={"right": "right", "end": "right", "center": "center", "both": "justify"}.get(align, "left"),
            list="none" if number == "0" else self.lists.get(number, "bullet"),
            style=self._style(style_id),
            spacing=round(_number(line, 240) / 240, 2) if line and rule in ("", "auto") else 1,
            indent=max(0, min(9, round(_number(indent, 0) / 567 / INDENT_CM))) if indent else 0,
        )

    def _style(self, style_id: str) -> str:
        element = self.styles.get(style_id)
        name = element.find(W + "name") if element is not None else None
        shown = name.get(W + "val", "") if name is not None else style_id
        return _NAMED.get(shown.lower(), "normal")

    def document(self) -> Document:
        body = self.root.find(W + "body")
        if body is None:
            raise Malformed("Le fichier n'est pas un document texte.")
        return tuple(self._paragraph(element) for element in islice(body.iter(W + "p"), MAX_PARAGRAPHS))
