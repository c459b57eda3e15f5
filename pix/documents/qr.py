"""QR codes drawn as SVG: sharp on a wall and on paper, no picture to fetch."""

import io

import segno


def svg(text: str, title: str) -> str:
    """The ``<svg>`` of this text, without size (the page gives it). ``title`` is what a screen reader says."""
    code = segno.make(text, error="m", micro=False)
    drawn: str = code.svg_inline(omitsize=True, border=2, title=title, svgclass="qr", lineclass=None, light="#fff")
    return drawn


def picture(text: str) -> str:
    """The same code as a whole SVG file, for a printed sheet."""
    stream = io.BytesIO()
    segno.make(text, error="m", micro=False).save(stream, kind="svg", xmldecl=False, border=2, light="#fff")
    return stream.getvalue().decode()
