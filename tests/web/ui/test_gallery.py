"""The visual language holds: whole vocabulary of icons, charts with their table, ids told apart, weights within budget."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.test import override_settings

import pix.web.ui
from pix.web.jinja import OPTIONAL

UI = Path(pix.web.ui.__file__).parent
STATIC = UI / "static" / "ui"


class Page(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


@pytest.fixture(scope="module")
def page() -> Page:
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    context = dict.fromkeys(OPTIONAL) | {"csrf_input": "", "messages": [], "user_display": "", "request": None}
    plain = {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }  # no collected files needed
    with override_settings(STORAGES=settings.STORAGES | plain):
        return Page(env.get_template("ui/gallery.html").render(context))


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    asked: set[str] = set()
    for template in UI.parent.glob("*/templates/**/*.html"):
        text = template.read_text(encoding="utf-8")
        asked |= set(re.findall(r"""icon\(["']([a-z-]+)["']""", text)) | set(
            re.findall(r"""icon=["']([a-z-]+)["']""", text)
        )
    assert asked - sprite == set()


@pytest.mark.proves("T-004")
def test_every_drawing_has_a_name_or_is_hidden(page: Page) -> None:
    nameless = [
        attrs
        for tag, attrs in page.tags
        if tag == "svg" and not ("aria-hidden" in attrs or attrs.get("aria-label") or attrs.get("aria-labelledby"))
        and attrs.get("preserveaspectratio") != "none"
    ]  # fmt: skip
    assert nameless == []


@pytest.mark.proves("T-004")
def test_every_chart_with_data_has_its_table(page: Page) -> None:
    classes = page.values("class")
    drawn = sum(value == "chart" for value in classes)
    assert drawn == 7
    assert sum(value == "twin" for value in classes) == drawn - 1, "the gallery's chart without data shows none"


def test_ids_are_unique_and_every_reference_finds_its_target(page: Page) -> None:
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    wanted = {
        part
        for name in ("for", "aria-labelledby", "aria-describedby", "data-dialog-open")
        for value in page.values(name)
        for part in value.split()
    }
    assert wanted - set(ids) == set()


@pytest.mark.proves("T-002")
def test_a_page_opens_on_a_skip_link_to_its_main_landmark(page: Page) -> None:
    links = [attrs for tag, attrs in page.tags if tag == "a"]
    assert links[0]["href"] == "#contenu"
    assert [attrs["id"] for tag, attrs in page.tags if tag == "main"] == ["contenu"]
    assert sum(tag == "h1" for tag, _ in page.tags) == 1


@pytest.mark.parametrize(
    ("files", "most"),
    [("fonts/atkinson-next.woff2", 30_000), ("css/ui.css", 56_000), ("icons.svg", 20_000)],
)
def test_weights(files: str, most: int) -> None:
    """Bytes before compression: what a first visit costs a school's line."""
    assert 0 < sum(path.stat().st_size for path in STATIC.glob(files)) < most


def test_weight_of_scripts() -> None:
    """Bytes before compression: the two that every page asks for, and each module that a page asks for when it needs it."""
    weights = {path.name: path.stat().st_size for path in STATIC.glob("js/*.js")}
    assert weights["boot.js"] + weights["ui.js"] < 2_500
    assert max(weights.values()) < 6_000
    assert sum(weights.values()) < 40_000


def test_vendored_files_travel_with_their_licences() -> None:
    licences = {
        "fonts/atkinson-next.LICENSE.txt",
        "fonts/lecture-dys.LICENSE.txt",
        "icons.LICENSE.txt",
        "vendor/htmx.LICENSE.txt",
    }
    assert {str(path.relative_to(STATIC)) for path in STATIC.rglob("*LICENSE.txt")} == licences
