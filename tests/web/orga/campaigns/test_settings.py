"""« Paramètres », edition, archive, and the code on the wall."""

import pytest

from pix.accounts.models import User
from pix.campaigns.models import Campaign
from pix.organizations.models import Organization
from tests.web.orga.campaigns.pages import Page, as_, at

pytestmark = pytest.mark.django_db


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
