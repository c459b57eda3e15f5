"""What a person reads on the school's pages, and how tests come to them."""

from typing import Any

from django.test import Client
from django.urls import reverse
from lxml import html

from pix.accounts.models import User
from pix.campaigns.models import Campaign
from pix.organizations.models import Organization


def as_(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def at(name: str, school: Organization, **more: Any) -> str:
    return reverse(f"orga:{name}", kwargs={"organization": school.uuid, **more})


def plain(text: str) -> str:
    """Spaces of French typography read as spaces."""
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


class Page:
    """What a person reads on a page."""

    def __init__(self, response: Any, status: int = 200) -> None:
        assert response.status_code == status, response.status_code
        self.tree = html.fromstring(response.content.decode())
        for hidden in self.tree.xpath("//script|//style|//template"):
            hidden.drop_tree()

    @property
    def text(self) -> str:
        return plain(self.tree.xpath("//main")[0].text_content())

    def rows(self) -> list[list[str]]:
        table = self.tree.xpath("//main//table[not(ancestor::details)]")[-1]
        return [[plain(cell.text_content()) for cell in row.xpath("./th|./td")] for row in table.xpath("./tbody/tr")]

    def links(self, label: str) -> list[str]:
        return [link.get("href") for link in self.tree.xpath("//a") if plain(link.text_content()) == label]

    def figures(self) -> dict[str, str]:
        cards = self.tree.xpath("//*[contains(@class, 'figure-card')]")
        return {
            plain(card.xpath(".//*[@class='figure-label']")[0].text_content()): plain(
                card.xpath(".//*[@class='figure-value']")[0].text_content()
            )
            for card in cards
        }


ALL = (
    "campaigns", "campaign-new", "campaign-journey", "campaign", "campaign-results", "campaign-settings", "campaign-edit", "campaign-code",
    "campaign-export", "campaign-participant",
)  # fmt: skip


def address(name: str, school: Organization, campaign: Campaign) -> str:
    more: dict[str, Any] = {}
    if name == "campaign-journey":
        more = {"code": "5e"}
    elif name not in {"campaigns", "campaign-new"}:
        more = {"campaign": campaign.uuid}
    if name == "campaign-export":
        more["format"] = "csv"
    if name == "campaign-participant":
        more["participation"] = campaign.participations.order_by("id")[0].uuid
    return at(name, school, **more)
