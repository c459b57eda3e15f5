"""« Activité »: who began, who sent, and the filters that stay in the address."""

import pytest
from lxml import html

from pix.accounts.models import User
from pix.campaigns.models import Campaign
from pix.organizations.models import Organization
from tests.campaigns import making
from tests.web.orga.campaigns.pages import Page, as_, at, plain

pytestmark = pytest.mark.django_db


@pytest.mark.proves("C-125", "C-063", "C-064")
def test_without_participant_the_code_is_given(home: Organization, alice: User, asked: Campaign) -> None:
    page = Page(as_(alice).get(at("campaign", home, campaign=asked.uuid)))
    assert "Aucun participant pour l'instant !" in page.text
    assert page.tree.xpath(f"//button[@data-copy='{asked.code}']")
    assert page.tree.xpath("//button[@data-copy]/@data-copied")[0] == "Copié\u202f!"
    link = page.tree.xpath("//button[starts-with(@data-copy, 'http')]/@data-copy")
    assert link[0] == f"http://testserver/campagnes/{asked.code}"
    assert page.tree.xpath("//svg[contains(@class,'qr')]")


@pytest.mark.proves("C-064")
@pytest.mark.parametrize("name", ["campaign", "campaign-settings", "campaign-code"])
def test_a_school_of_the_gar_has_no_direct_link(name: str, home: Organization, alice: User, asked: Campaign) -> None:
    home.identity_provider = "GAR"
    home.save()
    content = as_(alice).get(at(name, home, campaign=asked.uuid)).content.decode()
    assert asked.code[:6] in content
    assert f"/campagnes/{asked.code}" not in content
    assert "qr" not in html.fromstring(content).xpath("//svg/@class")


@pytest.mark.proves(
    "C-099", "C-100", "C-101", "C-102", "C-107", "C-108", "C-109", "C-110", "C-111", "C-112", "C-113", "C-114"
)
def test_activity_tells_who_began_and_who_sent(home: Organization, alice: User, full: Campaign) -> None:
    page = Page(as_(alice).get(at("campaign", home, campaign=full.uuid)))
    tabs = [plain(tab.text_content()) for tab in page.tree.xpath("//nav[contains(@class,'tabs')]//a")]
    assert tabs == ["Activité", "Résultats (3)", "Paramètres"]
    assert page.figures() == {"Total de participants": "4", "Résultats reçus": "3"}
    assert page.rows() == [
        ["Abel Zoé", "Zoé", "5A", "Résultats reçus", "80 %", "1"],
        ["Bé Éva", "Éva", "5B", "Résultats reçus", "20 %", "1"],
        ["Cé Tom", "Tom", "5B", "Résultats reçus", "100 %", "1"],
        ["Dé Ines", "Ines", "–", "En attente d'envoi", "–", "1"],
    ]
    legend = page.tree.xpath("//figure[@aria-labelledby='statuts-titre']//ul[@class='legend']/li")
    assert [plain(" ".join(line.itertext())) for line in legend] == [
        "En cours 0 0,0 %",
        "En attente d'envoi 1 25,0 %",
        "Résultats reçus 3 75,0 %",
    ]
    tips = [plain(tip.text_content()) for tip in page.tree.xpath("//*[@role='tooltip']")]
    assert any("n'a pas encore envoyé" in tip for tip in tips)
    twins = [plain(twin.text_content()) for twin in page.tree.xpath("//details[@class='twin']/summary")]
    assert twins == ["Voir en tableau", "Voir en tableau"]
    first = full.participations.order_by("id")[0]
    assert at("campaign-participant", home, campaign=full.uuid, participation=first.uuid) in page.links("Abel Zoé")


@pytest.mark.proves("C-118", "C-119", "C-120", "C-124", "T-017")
def test_filters_of_activity_in_the_address(home: Organization, alice: User, full: Campaign) -> None:
    place = at("campaign", home, campaign=full.uuid)

    def names(query: str) -> list[str]:
        return [row[1] for row in Page(as_(alice).get(place + query)).rows()]

    assert names("?classe=5b") == ["Éva", "Tom"]
    assert names("?classe=sans-classe") == ["Ines"]
    assert names("?statut=shared&q=eva") == ["Éva"]
    assert names("?tri=-nom") == ["Ines", "Tom", "Éva", "Zoé"]
    assert names("?par=10&page=99&statut=nimporte&palier=x&tri=zz") == ["Zoé", "Éva", "Tom", "Ines"]
    nobody = Page(as_(alice).get(place + "?q=zzz"))
    assert "Aucun participant ne correspond" in nobody.text
    assert nobody.links("Effacer les filtres") == [place]
    kept = Page(as_(alice).get(place + "?classe=5a&q=z"))
    assert kept.links("Exporter les résultats (.csv)") == [
        at("campaign-export", home, campaign=full.uuid, format="csv") + "?classe=5a&q=z"
    ]


def test_a_name_that_looks_like_html_stays_a_name(home: Organization, alice: User) -> None:
    asked = making.campaign(
        home, alice, name="<b>x</b>", landing_text="<script>alert(1)</script> [lien](javascript:alert(1))", title="<i>"
    )
    making.participation(asked, making.pupil(home, "<script>", "<img src=x>"), flags="v")
    for name in ("campaign", "campaign-results", "campaign-settings", "campaign-code"):
        content = as_(alice).get(at(name, home, campaign=asked.uuid)).content.decode()
        for raw in ("<b>x</b>", "<script>alert", "<img src=x>", "<i>", 'href="javascript'):
            assert raw not in content, (name, raw)
