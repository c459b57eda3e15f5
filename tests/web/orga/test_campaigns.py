"""The school's pages of its campaigns, walked as the people who may open them, and as those who may not."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from pix.accounts.models import User
from pix.campaigns.enums import Status
from pix.campaigns.models import Campaign
from pix.content import releases
from pix.core.ids import uuid7
from pix.organizations.enums import Role
from pix.organizations.models import Organization
from tests.campaigns import making
from tests.campaigns.making import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "_current", making.small_bank())


@pytest.fixture
def home() -> Organization:
    return making.school()


@pytest.fixture
def alice(home: Organization) -> User:
    """Administrator."""
    return making.teammate(home, Role.ADMIN, "Alice", "Martin")


@pytest.fixture
def bob(home: Organization) -> User:
    """Member."""
    return making.teammate(home, Role.MEMBER, "Bob", "Durand")


@pytest.fixture
def asked(home: Organization, alice: User) -> Campaign:
    return making.campaign(home, alice, multiple_sending=True, title="Mon parcours", landing_text="Bonjour **à tous**")


@pytest.fixture
def full(home: Organization, asked: Campaign) -> Campaign:
    """Three sent results in two classes, one pupil waiting."""
    for first, last, division, flags in (
        ("Zoé", "Abel", "5A", "v" * 8),
        ("Éva", "Bé", "5B", "vv"),
        ("Tom", "Cé", "5B", "v" * 10),
    ):
        making.participation(asked, making.pupil(home, first, last, division), flags=flags)
    making.participation(asked, making.pupil(home, "Ines", "Dé", ""), Status.TO_SHARE, flags="v" * 10)
    return asked


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


# --- who may ---


@pytest.mark.parametrize("name", ALL)
def test_who_may_open_each_page(name: str, home: Organization, alice: User, bob: User, full: Campaign) -> None:
    place = address(name, home, full)
    other = making.school("Lycée")
    charlie = making.teammate(other, Role.ADMIN, "Charlie")
    emma = making.person("Emma", "Pix")
    assert as_(None).get(place).status_code == 302
    assert as_(alice).get(place).status_code == 200
    assert as_(bob).get(place).status_code == (403 if name == "campaign-edit" else 200)
    assert [as_(user).get(place).status_code for user in (charlie, emma)] == [404, 404]
    if name not in {"campaigns", "campaign-new", "campaign-journey"}:
        # The same campaign asked through one's own school does not exist either.
        mine = place.replace(str(home.uuid), str(other.uuid))
        assert as_(charlie).get(mine).status_code == 404
    if name not in {"campaign-new", "campaign-edit"}:
        assert as_(alice).post(place).status_code == 405


def test_who_may_archive(home: Organization, alice: User, bob: User, asked: Campaign) -> None:
    place = at("campaign-archive", home, campaign=asked.uuid)
    charlie = making.teammate(making.school("Lycée"), Role.ADMIN, "Charlie")
    assert as_(None).post(place).status_code == 302
    assert [as_(user).post(place).status_code for user in (charlie, bob)] == [404, 403]
    assert as_(alice).get(place).status_code == 405
    assert Campaign.objects.get(pk=asked.pk).archived_at is None


@pytest.mark.parametrize(
    "name", ["campaign", "campaign-results", "campaign-settings", "campaign-edit", "campaign-code", "campaign-export"]
)
def test_an_unknown_campaign_is_not_found(name: str, home: Organization, alice: User) -> None:
    more = {"format": "csv"} if name == "campaign-export" else {}
    assert as_(alice).get(at(name, home, campaign=uuid7(), **more)).status_code == 404


# --- list ---


@pytest.mark.proves("C-020", "C-021")
def test_a_new_school_is_invited_to_create_its_first_campaign(home: Organization, alice: User) -> None:
    page = Page(as_(alice).get(at("campaigns", home)))
    assert "Création de la première campagne" in page.text
    assert page.links("Créer une campagne") == [at("campaign-new", home)]


@pytest.mark.proves("C-059", "C-060", "C-061", "C-062", "C-019")
def test_the_list_shows_mine_then_everyones(home: Organization, alice: User, bob: User, asked: Campaign) -> None:
    making.campaign(home, bob, name="Médias", at=AT + timedelta(days=1))
    Campaign.objects.filter(pk=asked.pk).update(participants_count=4, shared_count=3)
    page = Page(as_(alice).get(at("campaigns", home)))
    assert page.rows() == [["Parcours de rentrée 5e", asked.code, "20/09/2024", "4", "3"]]
    everyone = Page(as_(alice).get(at("campaigns", home) + "?onglet=toutes"))
    assert [(row[0], row[2]) for row in everyone.rows()] == [
        ("Médias", "Bob Durand"),
        ("Parcours de rentrée 5e", "Alice Martin"),
    ]
    assert (
        plain(everyone.tree.xpath("//nav[contains(@class,'sidenav')]//a[@aria-current]")[0].text_content())
        == "Campagnes"
    )
    searched = Page(as_(alice).get(at("campaigns", home) + "?onglet=toutes&q=RENTREE&proprietaire=martin"))
    assert [row[0] for row in searched.rows()] == ["Parcours de rentrée 5e"]
    nothing = Page(as_(alice).get(at("campaigns", home) + "?q=zzz"))
    assert "Aucune campagne ne correspond" in nothing.text
    assert nothing.links("Effacer les filtres")


@pytest.mark.proves("T-017")
def test_sort_and_filters_stay_in_the_address(home: Organization, alice: User, asked: Campaign) -> None:
    page = Page(as_(alice).get(at("campaigns", home) + "?onglet=toutes&q=rentree&tri=nom"))
    sort = next(link for link in page.tree.xpath("//thead//a") if "Nom de la campagne" in link.text_content())
    assert sort.get("href") == "?onglet=toutes&q=rentree&tri=-nom"


# --- creation ---


def filled(**more: str) -> dict[str, str]:
    return {
        "uuid": str(uuid7()), "name": "Rentrée 5e", "type": "assessment", "journey": "5e", "multiple_sending": "non", "title": "", "landing_text": "",
        "mode": "", "category": "", "search": "",
    } | more  # fmt: skip


@pytest.mark.proves("C-022", "C-023", "C-024", "C-026", "C-027", "C-030", "C-032", "C-037")
def test_the_creation_form(home: Organization, alice: User) -> None:
    page = Page(as_(alice).get(at("campaign-new", home)))
    for label in (
        "Création d'une campagne", "Nom de la campagne", "Parcours de rentrée 5e, Parcours protection et sécurité 6e",
        "Quel est l'objectif de votre campagne ?", "Évaluer les participants", "permet de tester les participants sur des sujets précis",
        "Que souhaitez-vous tester ?", "Sélectionner un parcours", "Filtrer les parcours par catégories", "Catégories", "Rechercher par nom",
        "Souhaitez-vous permettre aux participants d'envoyer plusieurs fois leurs résultats ?", "Titre du parcours", "Texte de la page d'accueil",
        "Propriétaire de la campagne", "Annuler", "Créer la campagne",
    ):  # fmt: skip
        assert label in page.text, label
    assert not page.tree.xpath("//input[@name='multiple_sending'][@checked]")
    options = [plain(option.text_content()) for option in page.tree.xpath("//select[@name='journey']//option")]
    assert "[CLG] Parcours de rentrée 5e" in options
    assert page.tree.xpath("//select[@name='journey']//option[@disabled]/@value") == ["vide"]
    assert page.tree.xpath("//select[@name='owner']/option[@selected]")[0].text == "Alice Martin"


@pytest.mark.proves("C-028", "C-029", "C-031", "C-033", "C-034", "C-036")
def test_filtering_and_choosing_write_nothing(home: Organization, alice: User) -> None:
    client = as_(alice)
    page = Page(
        client.post(
            at("campaign-new", home),
            filled(etape="apercu", category="Thématiques", search="education", journey="", name=""),
        )
    )
    assert page.tree.xpath("//select[@name='journey']//option/@value") == ["", "plat"]
    page = Page(
        client.post(
            at("campaign-new", home), filled(etape="apercu", category="Thématiques", journey="5e", name="Mon nom")
        )
    )
    assert page.tree.xpath("//select[@name='journey']//option[@selected]/@value") == ["5e"]
    assert page.tree.xpath("//input[@name='name']/@value") == ["Mon nom"]
    assert "Sujets : 4" in page.text
    assert "Résultats affichés en paliers" in page.text
    assert page.tree.xpath("//a[contains(., 'documentation correspondante')]/@href") == [
        at("campaign-journey", home, code="5e")
    ]
    page = Page(client.post(at("campaign-new", home), filled(etape="apercu", journey="plat")))
    assert "Résultats affichés en pourcentage" in page.text
    assert Campaign.objects.count() == 0


@pytest.mark.proves("C-049", "C-050")
def test_creating_lands_on_the_campaign_with_its_code(home: Organization, alice: User) -> None:
    response = as_(alice).post(at("campaign-new", home), filled(title="Titre", landing_text="a\r\nb"), follow=True)
    made = Campaign.objects.get()
    assert response.redirect_chain == [(at("campaign", home, campaign=made.uuid), 302)]
    page = Page(response)
    assert "La campagne est désormais créée !" in page.text
    assert made.code in page.text
    assert (made.name, made.journey_code, made.multiple_sending, made.owner, made.landing_text) == (
        "Rentrée 5e",
        "5e",
        False,
        alice,
        "a\nb",
    )


def test_a_double_click_creates_one_campaign(home: Organization, alice: User) -> None:
    data = filled()
    client = as_(alice)
    first, second = (client.post(at("campaign-new", home), data) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Campaign.objects.count() == 1


@pytest.mark.proves("C-022", "C-046")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "Donnez un nom à votre campagne."),
        ({"journey": ""}, "Choisissez un parcours dans la liste."),
        ({"multiple_sending": ""}, "Choisissez « Oui » ou « Non »."),
        ({"title": "x" * 51}, "Le titre du parcours ne peut pas dépasser 50 caractères."),
        ({"landing_text": "x" * 5001}, "Le texte de la page d'accueil ne peut pas dépasser 5 000 caractères."),
        ({"type": "profile"}, "Choisissez l'objectif de votre campagne."),
        ({"owner": "999999"}, "Le propriétaire doit faire partie de l'équipe de l'établissement."),
        ({"journey": "vide"}, "Ce parcours n'a encore aucune question à poser : choisissez-en un autre."),
    ],
)
def test_mistakes_are_said_beside_the_field_and_nothing_is_lost(
    home: Organization, alice: User, changed: dict[str, str], said: str
) -> None:
    data = filled(owner=str(alice.pk), **changed) if "owner" not in changed else filled(**changed)
    page = Page(as_(alice).post(at("campaign-new", home), data), 422)
    field = next(iter(changed))
    errors = page.tree.xpath(f"//*[@id='id_{field}_error']")
    assert [plain(error.text_content()) for error in errors] == [said]
    assert page.tree.xpath("//*[contains(@class, 'error-summary')]//li")
    assert page.tree.xpath("//input[@name='uuid']/@value") == [data["uuid"]]
    assert Campaign.objects.count() == 0


def test_landing_text_of_five_thousand_signs_with_line_breaks_passes(home: Organization, alice: User) -> None:
    response = as_(alice).post(at("campaign-new", home), filled(landing_text="x\r\n" * 2500, owner=str(alice.pk)))
    assert response.status_code == 302
    assert len(Campaign.objects.get().landing_text) == 4999


@pytest.mark.proves("C-055")
def test_a_copy_fills_the_form(home: Organization, bob: User, asked: Campaign) -> None:
    page = Page(as_(bob).get(at("campaign-new", home) + f"?modele={asked.uuid}"))
    assert page.tree.xpath("//input[@name='name']/@value") == ["Copie de Parcours de rentrée 5e"]
    assert page.tree.xpath("//input[@name='multiple_sending'][@checked]/@value") == ["oui"]
    assert page.tree.xpath("//select[@name='owner']/option[@selected]")[0].text == "Bob Durand"
    assert page.tree.xpath("//textarea[@name='landing_text']")[0].text.strip() == "Bonjour **à tous**"
    assert as_(bob).get(at("campaign-new", home) + f"?modele={uuid7()}").status_code == 404


@pytest.mark.proves("C-033")
def test_the_content_of_a_parcours(home: Organization, alice: User) -> None:
    page = Page(as_(alice).get(at("campaign-journey", home, code="5e")))
    table = page.tree.xpath("//main//table")[0]
    rows = [[plain(cell.text_content()) for cell in row.xpath("./th|./td")] for row in table.xpath("./tbody/tr")]
    assert rows[0] == ["Requête", "Mener une recherche", "Information et données", "3", "2", "Oui", "Oui"]
    assert rows[3] == ["Mot de passe", "Sécuriser l'environnement", "Protection et sécurité", "3", "3", "Non", "Non"]
    assert as_(alice).get(at("campaign-journey", home, code="cache")).status_code == 404


# --- activity ---


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


# --- results ---


@pytest.mark.proves("D-010", "D-011", "D-012", "D-014", "D-030")
def test_results_show_the_group_then_each(home: Organization, alice: User, full: Campaign) -> None:
    page = Page(as_(alice).get(at("campaign-results", home, campaign=full.uuid)))
    assert page.figures()["Résultat moyen"] == "67 %"
    assert "Palier moyen" in page.text
    bars = [
        plain(line.text_content())
        for line in page.tree.xpath("//figure[@aria-labelledby='repartition-titre']//ul[@class='bars']/li")
    ]
    assert "Répartition des participants par paliers" in page.text
    assert [bar.split("(")[0].strip() for bar in bars] == [
        "maîtrise insuffisante",
        "maîtrise fragile",
        "maîtrise satisfaisante",
        "très bonne maîtrise",
    ]
    assert ["1 élève" in bar for bar in bars] == [True, False, True, True]
    assert [(row[0], re.sub("étoiles? acquises?", "étoiles", row[3]), row[5]) for row in page.rows()] == [
        ("Abel Zoé", "2 étoiles sur 3 maîtrise satisfaisante · 80 %", "1"),
        ("Bé Éva", "0 étoiles sur 3 maîtrise insuffisante · 20 %", "1"),
        ("Cé Tom", "3 étoiles sur 3 très bonne maîtrise · 100 %", "1"),
    ]


@pytest.mark.proves("D-015", "D-016", "D-017")
def test_choosing_a_stage_lists_its_pupils(home: Organization, alice: User, full: Campaign) -> None:
    place = at("campaign-results", home, campaign=full.uuid)
    page = Page(as_(alice).get(place + "?classe=5b"))
    bar = page.tree.xpath("//figure[@aria-labelledby='repartition-titre']//ul[@class='bars']//a/@href")[3]
    assert bar == "?classe=5b&palier=4"
    chosen = Page(as_(alice).get(place + bar))
    assert [row[1] for row in chosen.rows()] == ["Tom"]
    assert chosen.figures()["Résultat moyen"] == "100 %"
    assert "Résultats (3)" in plain(chosen.tree.xpath("//nav[contains(@class,'tabs')]")[0].text_content())
    help_first = Page(as_(alice).get(page.links("À accompagner en priorité")[0]))
    assert [row[1] for row in help_first.rows()] == ["Éva"]
    best = Page(as_(alice).get(page.links("Les plus autonomes")[0]))
    assert [row[1] for row in best.rows()] == ["Tom"]


@pytest.mark.proves("D-022", "D-023", "D-027")
def test_reading_keys_are_beside_the_chart(home: Organization, alice: User, full: Campaign) -> None:
    text = Page(as_(alice).get(at("campaign-results", home, campaign=full.uuid))).text
    for stage in making.STAGES:
        assert stage.reading_key in text
    assert "maîtrise fragile (21–50 %)" in text
    assert "Compte tenu du niveau d'enseignement : 5e" in text
    assert "20,4 donne 20" in text


def test_before_any_sending(home: Organization, alice: User, asked: Campaign) -> None:
    making.participation(asked, making.pupil(home), Status.TO_SHARE, flags="v" * 10)
    page = Page(as_(alice).get(at("campaign-results", home, campaign=asked.uuid)))
    assert "En attente de résultats" in page.text
    assert "100" not in page.text


# --- one pupil ---


@pytest.mark.proves("C-115", "C-116", "C-123")
def test_one_pupil(home: Organization, alice: User, asked: Campaign) -> None:
    emma = making.pupil(home, "Emma", "Pix", "3eme3")
    sent = making.participation(asked, emma, flags="vvvv", superseded=True)
    again = making.participation(asked, emma, Status.STARTED, flags="vf", at=AT + timedelta(days=5))
    place = at("campaign-participant", home, campaign=asked.uuid, participation=sent.uuid)
    page = Page(as_(alice).get(place))
    for words in ("Emma Pix", "3eme3", "Commencé le", "20/09/2024 à 10:00", "Envoyé le", "20/09/2024 à 11:00", "Avancement", "100 %", "40 %",
                  "maîtrise fragile", "Résultats par compétence", "Compétences (3)", "1.1 Mener une recherche"):  # fmt: skip
        assert words in page.text, words
    selector = page.links("Participation #2")
    assert selector == [at("campaign-participant", home, campaign=asked.uuid, participation=again.uuid)]
    waiting = Page(as_(alice).get(selector[0])).text
    assert "En attente de résultats" in waiting
    assert "20 %" in waiting  # progress: 2 skills of 10
    assert "maîtrise" not in waiting


# --- settings, edition, archive ---


@pytest.mark.proves("C-052")
def test_settings(home: Organization, bob: User, asked: Campaign) -> None:
    page = Page(as_(bob).get(at("campaign-settings", home, campaign=asked.uuid)))
    for words in ("Type de la campagne", "Envoi multiple", "Remise à zéro", "Parcours", "[CLG] Parcours de rentrée 5e", "Titre du parcours", "Mon parcours",
                  "Lien direct", f"http://testserver/campagnes/{asked.code}", "Texte de la page d'accueil", "Bonjour à tous", "4 jours"):  # fmt: skip
        assert words in page.text, words
    assert page.links("Modifier") == []
    assert "Archiver" not in page.text
    assert page.links("Dupliquer") == [at("campaign-new", home) + f"?modele={asked.uuid}"]


@pytest.mark.proves("C-053", "C-054", "C-048")
def test_editing(home: Organization, alice: User, bob: User, asked: Campaign) -> None:
    place = at("campaign-edit", home, campaign=asked.uuid)
    form = Page(as_(alice).get(place))
    assert sorted(form.tree.xpath("//main//form//*[@name]/@name")) == [
        "csrfmiddlewaretoken",
        "landing_text",
        "name",
        "owner",
        "title",
    ]
    data = {
        "name": "Nouveau",
        "title": "",
        "landing_text": "Salut",
        "owner": str(bob.pk),
        "journey": "plat",
        "multiple_sending": "non",
    }
    response = as_(alice).post(place, data, follow=True)
    assert response.redirect_chain == [(at("campaign-settings", home, campaign=asked.uuid), 302)]
    assert "Nouveau" in Page(response).text
    stored = Campaign.objects.get(pk=asked.pk)
    assert (stored.name, stored.title, stored.landing_text, stored.owner) == ("Nouveau", "", "Salut", bob)
    assert (stored.journey_code, stored.multiple_sending) == ("5e", True)
    # Bob owns it now, and may edit though he is no administrator.
    refused = Page(as_(bob).post(place, {"name": "", "owner": str(bob.pk)}), 422)
    assert "Donnez un nom à votre campagne." in refused.text
    assert as_(bob).post(place, {"name": "De Bob", "owner": str(bob.pk)}).status_code == 302


@pytest.mark.proves("C-056")
def test_archiving_moves_between_filters_and_says_so(
    home: Organization, alice: User, bob: User, asked: Campaign
) -> None:
    place = at("campaign-archive", home, campaign=asked.uuid)
    page = Page(as_(alice).post(place, follow=True))
    assert "Campagne archivée" in page.text
    assert "Désarchiver la campagne" in page.text
    assert "Désarchiver" not in Page(as_(bob).get(at("campaign-settings", home, campaign=asked.uuid))).text
    assert "Parcours de rentrée 5e" not in Page(as_(alice).get(at("campaigns", home))).text
    assert len(Page(as_(alice).get(at("campaigns", home) + "?etat=archivees")).rows()) == 1
    page = Page(as_(alice).post(place, {"sens": "ouvrir"}, follow=True))
    assert "Campagne archivée" not in page.text
    assert Campaign.objects.get(pk=asked.pk).archived_at is None


def test_the_code_on_the_wall(home: Organization, alice: User, asked: Campaign) -> None:
    page = Page(as_(alice).get(at("campaign-code", home, campaign=asked.uuid)))
    assert asked.code in page.text.replace(" ", "")
    assert "testserver" in page.text
    assert "Mon parcours" in page.text


# --- file ---


@pytest.mark.proves("C-103", "T-018")
@pytest.mark.parametrize(
    ("format", "kind", "start"),
    [
        ("csv", "text/csv; charset=utf-8", b'\xef\xbb\xbf"Nom'),
        ("ods", "application/vnd.oasis.opendocument.spreadsheet", b"PK"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_the_file(home: Organization, alice: User, full: Campaign, format: str, kind: str, start: bytes) -> None:
    response = as_(alice).get(at("campaign-export", home, campaign=full.uuid, format=format))
    assert (response.status_code, response.headers["Content-Type"]) == (200, kind)
    assert response.headers["Content-Disposition"].startswith('attachment; filename="Resultats-Parcours de rentree 5e-')
    assert b"".join(response.streaming_content).startswith(start)  # type: ignore[attr-defined]
    response.close()


def test_the_file_follows_the_filters(home: Organization, alice: User, full: Campaign) -> None:
    place = at("campaign-export", home, campaign=full.uuid, format="csv")
    response = as_(alice).get(place + "?classe=5b&palier=4")
    lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [line.split(";")[6] for line in lines[1:]] == ['"Tom"']
    assert as_(alice).get(at("campaign-export", home, campaign=full.uuid, format="pdf")).status_code == 404


# --- cost ---


@pytest.fixture(params=[1, 3])
def rows(request: pytest.FixtureRequest, home: Organization, asked: Campaign) -> int:
    for number in range(request.param):
        emma = making.pupil(home, f"P{number}", "Nom", f"5{number}")
        making.participation(asked, emma, flags="vv", superseded=True)
        making.participation(asked, emma, flags="vvv", at=AT + timedelta(days=5))
    return int(request.param)


def test_twelve_statements_a_page_at_most(home: Organization, alice: User, asked: Campaign, rows: int) -> None:
    last: UUID = asked.participations.order_by("-id")[0].uuid
    costs = {}
    for name, more in {
        "campaigns": {},
        "campaign": {"campaign": asked.uuid},
        "campaign-results": {"campaign": asked.uuid},
        "campaign-settings": {"campaign": asked.uuid},
        "campaign-participant": {"campaign": asked.uuid, "participation": last},
    }.items():
        client = as_(alice)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(at(name, home, **more) + "?q=p&classe=50&palier=2").status_code == 200
        costs[name] = len(seen)
    assert costs == {
        "campaigns": 6,
        "campaign": 11,
        "campaign-results": 9,
        "campaign-settings": 5,
        "campaign-participant": 8,
    }
