"""The list of a school's campaigns, and the form that makes one."""

from datetime import timedelta

import pytest

from pix.accounts.models import User
from pix.campaigns.models import Campaign
from pix.core.ids import uuid7
from pix.organizations.models import Organization
from tests.campaigns import making
from tests.campaigns.making import AT
from tests.web.orga.campaigns.pages import Page, as_, at, plain

pytestmark = pytest.mark.django_db


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
