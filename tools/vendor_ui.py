# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools>=4.55", "brotli>=1.1"]
# ///
"""Brings fonts, icons and htmx into ``pix/web/ui/static/ui``; run by hand when a version changes, never at run time.

    uv run tools/vendor_ui.py        (or any Python that has fonttools and brotli)

Packages come through ``npm pack`` from the registry the machine is set up for; nothing of them is executed. Each archive
is compared with the digest below, so a second run on another machine writes the same bytes or stops.
"""

import hashlib
import io
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

STATIC = Path(__file__).resolve().parent.parent / "pix" / "web" / "ui" / "static" / "ui"
PAPER = STATIC.parents[3] / "documents" / "fonts"
"""What the PDFs are drawn with: the text font again, one plain file a weight, for typst reads neither WOFF2 nor axes."""

PACKAGES = {
    "@fontsource-variable/atkinson-hyperlegible-next@5.3.0": "75d5156505841b7dd4251398f0a5ff9e44120c87c2e388e9a108879b4def23a6",
    "@fontsource/opendyslexic@5.3.0": "8e72b6ca375c5aa76337ed1f8bfb6b1ddc2be277e787197990edb110a3a93192",
    "lucide-static@1.62.0": "386f9080c440d6f5049cefe3456ae8357f7a0c7f76e59670cd1cb83bc7050a44",
    "htmx.org@2.0.11": "165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e",
}
"""Package and version → sha256 of its archive."""

# Basic Latin, Latin-1, Œ œ Ÿ and the signs of French typography: thin spaces, dashes, quotes, ellipsis, euro, arrows, minus, fractions.
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *(
        0x152,
        0x153,
        0x178,
        0x2009,
        0x200A,
        0x202F,
        0x2010,
        0x2011,
        0x2013,
        0x2014,
        0x2018,
        0x2019,
        0x201A,
        0x201C,
        0x201D,
    ),
    *(
        0x201E,
        0x2020,
        0x2022,
        0x2026,
        0x2030,
        0x2039,
        0x203A,
        0x20AC,
        0x2122,
        0x2190,
        0x2191,
        0x2192,
        0x2193,
        0x2212,
        0x2248,
    ),
    *(0x2260, 0x2264, 0x2265, 0x215B, 0x2153, 0x2154),
]

FONTS = [
    ("@fontsource-variable/atkinson-hyperlegible-next", "atkinson-hyperlegible-next-latin-wght-normal.woff2", "atkinson-next.woff2", (400, 700), ""),
    ("@fontsource/opendyslexic", "opendyslexic-latin-400-normal.woff2", "lecture-dys.woff2", None, "Lecture Dys"),
    ("@fontsource/opendyslexic", "opendyslexic-latin-700-normal.woff2", "lecture-dys-bold.woff2", None, "Lecture Dys"),
]  # fmt: skip
"""Package, file in it, our name, range of weights kept (variable font only), new family name.

OpenDyslexic's licence reserves its name: a cut-down copy must bear another one.
"""

# Our name: the word the templates use. Its drawing in Lucide follows when it has another name.
ICONS = {
    "accessibility": "person-standing", "alert": "triangle-alert", "archive": "", "arrow-down": "", "arrow-left": "", "arrow-right": "",
    "arrow-up": "", "award": "", "bell": "", "book": "book-open", "calendar": "", "chart": "chart-column", "check": "", "chevron-down": "",
    "chevron-left": "", "chevron-right": "", "chevron-up": "", "circle": "", "circle-dot": "", "clipboard": "clipboard-list", "clock": "",
    "code": "", "comfort": "a-large-small", "copy": "", "cpu": "monitor-cog", "download": "", "edit": "square-pen", "error": "octagon-alert",
    "external": "external-link", "eye": "", "eye-off": "", "file": "file-text", "filter": "funnel", "flag": "", "folder": "", "globe": "",
    "graduation": "graduation-cap", "headphones": "", "heart": "", "help": "circle-question-mark", "home": "house", "hourglass": "",
    "image": "", "info": "", "key": "key-round", "leaf": "", "link": "", "list": "", "lock": "", "log-in": "", "log-out": "", "mail": "",
    "map": "", "menu": "", "message": "messages-square", "minus": "", "monitor": "", "more": "ellipsis-vertical", "pause": "", "pen": "pencil-ruler",
    "play": "", "plus": "", "printer": "", "projector": "presentation", "qr": "qr-code", "refresh": "refresh-cw", "save": "", "school": "",
    "search": "", "search-data": "file-search", "send": "", "settings": "settings", "shield": "shield-check", "skip": "skip-forward",
    "sort": "chevrons-up-down", "star": "", "success": "circle-check", "table": "table-2", "target": "", "trash": "trash-2",
    "trending-down": "", "trending-up": "", "undo": "undo-2", "upload": "", "user": "", "users": "", "wifi-off": "", "wrong": "circle-x", "x": "",
}  # fmt: skip


def fetch(spec: str, digest: str, into: Path) -> Path:
    """Downloads and unpacks one package; returns its ``package`` folder."""
    name = subprocess.run(
        ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(into), spec],
        check=True, capture_output=True, text=True,
    ).stdout.strip().splitlines()[-1]  # fmt: skip
    archive = (into / name).read_bytes()
    found = hashlib.sha256(archive).hexdigest()
    if found != digest:
        sys.exit(f"{spec}: the archive's sha256 is {found}, not {digest}")
    folder = into / hashlib.sha256(spec.encode()).hexdigest()[:8]
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def shrink_font(source: Path, target: Path, weights: tuple[int, int] | None, family: str) -> None:
    """Keeps our characters, tabular figures and kerning; drops hinting and unused weights; gives the thin no-break space."""
    font = TTFont(source, recalcTimestamp=False)
    if weights:
        instancer.instantiateVariableFont(font, {"wght": weights}, inplace=True)
        plain = (
            io.BytesIO()
        )  # the subsetter trips over tables that the instancer left half loaded: write and read again
        font.flavor = None
        font.save(plain)
        font = TTFont(io.BytesIO(plain.getvalue()), recalcTimestamp=False)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.setdefault(0x202F, table.cmap.get(0x2009) or table.cmap[0xA0])
    for record in font["name"].names if family else ():
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = family.replace(" ", "") if record.nameID == 6 else family
    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = [
        "kern",
        "liga",
        "mark",
        "mkmk",
        "ccmp",
        "locl",
        "tnum",
        "lnum",
        "frac",
    ]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=CHARACTERS)
    cutter.subset(font)
    subset.save_font(font, target, options)


def paper_fonts(source: Path) -> None:
    """The vendored variable font as a regular and a bold TrueType file."""
    PAPER.mkdir(exist_ok=True)
    for name, weight in (("regular", 400), ("bold", 700)):
        font = TTFont(source, recalcTimestamp=False)
        font.flavor = None
        plain = io.BytesIO()
        font.save(plain)
        whole = TTFont(io.BytesIO(plain.getvalue()), recalcTimestamp=False)
        one = instancer.instantiateVariableFont(whole, {"wght": weight})
        one["OS/2"].usWeightClass = weight
        one.save(PAPER / f"atkinson-next-{name}.ttf")


def sprite(icons: Path) -> str:
    """One SVG document with a symbol for each icon; colour and width of the line come from the page's CSS."""
    symbols = []
    for ours, theirs in sorted(ICONS.items()):
        drawing = (icons / f"{theirs or ours}.svg").read_text(encoding="utf-8")
        body = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
        if body is None:
            sys.exit(f"{ours}: no drawing found")
        inside = re.sub(r"\s*\n\s*", "", body.group(1)).replace(" />", "/>")
        symbols.append(f'<symbol id="{ours}" viewBox="0 0 24 24">{inside}</symbol>')
    head = "<!-- Icons of Lucide (ISC licence, part MIT from Feather): see icons.LICENSE.txt. Made by tools/vendor_ui.py. -->"
    return '<svg xmlns="http://www.w3.org/2000/svg">' + head + "\n" + "\n".join(symbols) + "\n</svg>\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as room:
        folders = {spec.rsplit("@", 1)[0]: fetch(spec, digest, Path(room)) for spec, digest in PACKAGES.items()}
        for package, file, ours, weights, family in FONTS:
            shrink_font(
                folders[package] / "files" / file,
                STATIC / "fonts" / ours,
                weights,
                family,
            )
        for package, ours in (
            (
                "@fontsource-variable/atkinson-hyperlegible-next",
                "fonts/atkinson-next.LICENSE.txt",
            ),
            ("@fontsource/opendyslexic", "fonts/lecture-dys.LICENSE.txt"),
            ("lucide-static", "icons.LICENSE.txt"),
            ("htmx.org", "vendor/htmx.LICENSE.txt"),
        ):
            shutil.copyfile(folders[package] / "LICENSE", STATIC / ours)
        paper_fonts(STATIC / "fonts" / "atkinson-next.woff2")
        shutil.copyfile(STATIC / "fonts" / "atkinson-next.LICENSE.txt", PAPER / "atkinson-next.LICENSE.txt")
        (STATIC / "icons.svg").write_text(sprite(folders["lucide-static"] / "icons"), encoding="utf-8")
        shutil.copyfile(
            folders["htmx.org"] / "dist" / "htmx.min.js",
            STATIC / "vendor" / "htmx.min.js",
        )
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            print(f"{path.stat().st_size:>8}  {path.relative_to(STATIC)}")


if __name__ == "__main__":
    main()
