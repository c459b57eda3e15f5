"""The staff finds an account exactly, reads its sheet, and helps: each consultation and each act in the journal."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pix.accounts.identities import GAR, add_method, open_account
from pix.accounts.models import DataExport, Session, SignInFailures, SignInMethod, User
from pix.audit.models import Event
from pix.learners.models import Pupil
from pix.mailing.models import Mail
from pix.organizations.actions import open_school
from pix.organizations.enums import SchoolKind
from tests.factories.cast import AT, Cast, make_pupil
from tests.web.team.test_team_pages import words

pytestmark = pytest.mark.django_db
PLACE = "/pilotage/comptes"
WHY = {"reason": "demande 412"}


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def find(client: Client, text: str) -> Any:
    return client.post(PLACE, {"who": text}, follow=True)


def sheet_of(client: Client, user: User) -> str:
    client.post(f"{PLACE}/{user.uuid}/ouvrir")
    return f"{PLACE}/{user.uuid}"


def verbs(target: User | None = None) -> list[str]:
    rows = Event.objects.filter(verb__startswith="stewardship.").order_by("id")
    return list((rows.filter(target=str(target.uuid)) if target else rows).values_list("verb", flat=True))


def mediacentre(first: str, last: str, ido: str) -> User:
    return open_account(provider=GAR, external_id=ido, first_name=first, last_name=last, at=AT)


# --- finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [" ALICE@college.test ", "Emma.Pix0903", "ido-zoe", "0123456789a"])
def test_exactly_and_never_in_an_address(cast: Cast, typed: str) -> None:
    zoe = mediacentre("Zoé", "Laval", "ido-zoe")
    person = {"ALICE@college.test": cast.alice, "ido-zoe": zoe}.get(typed.strip(), cast.emma)
    page = find(cast.client("staff"), typed)
    assert page.status_code == 200
    assert page.redirect_chain == [(f"{PLACE}/{person.uuid}", 302)]
    assert person.full_name in words(page)
    line = Event.objects.get(verb="stewardship.find_account")
    assert (line.actor, line.target) == (str(cast.stan.uuid), str(person.uuid))
    assert typed.strip().lower() not in str(line.meta).lower()


@pytest.mark.parametrize("typed", ["", "alice", "Alice Martin", "alice@college", "%", "0123456789"])
def test_a_part_or_a_name_finds_nobody(cast: Cast, typed: str) -> None:
    page = find(cast.client("staff"), typed)
    assert page.status_code == 422
    assert not page.redirect_chain
    assert f'value="{typed}"' in page.content.decode() or not typed
    assert "Alice Martin" not in words(page)


def test_an_ine_without_an_account_says_where_the_pupil_is(cast: Cast) -> None:
    make_pupil(cast.school, "Noé", "Sanscompte", ine="987654321AB")
    page = find(cast.client("staff"), "987654321ab")
    assert page.status_code == 422
    assert "Cet INE est dans la base élèves de Collège Simone-Lumière" in words(page)
    assert "Sanscompte" not in words(page)


def test_two_accounts_of_one_ine_are_shown_to_choose_from(cast: Cast) -> None:
    twin = mediacentre("Emma", "Pix", "ido-emma")
    make_pupil(cast.other_school, "Emma", "Pix", ine="0123456789A", user=twin)
    client = cast.client("staff")
    page = find(client, "0123456789A")
    assert page.status_code == 200
    assert "Plusieurs comptes ont cet INE" in words(page)
    assert "emma.pix0903" not in page.content.decode()
    assert "e***.p***3" in words(page)
    opened = client.post(f"{PLACE}/{twin.uuid}/ouvrir", follow=True)
    assert "Collège des Galets" in words(opened)
    assert verbs(twin) == ["stewardship.find_account", "stewardship.consult_account"]


# --- the sheet --------------------------------------------------------------------------------------------------------


def test_a_sheet_opens_with_its_line_in_the_journal_for_an_hour(cast: Cast) -> None:
    client = cast.client("staff")
    address = f"{PLACE}/{cast.emma.uuid}"
    closed = client.get(address)
    assert "Emma" not in words(closed)
    assert "Ouvrir la fiche" in words(closed)
    assert "Emma Pix" in words(client.post(f"{address}/ouvrir", follow=True))
    with time_machine.travel(AT + timedelta(minutes=61), tick=False):
        assert "Emma" not in words(client.get(address))
    assert verbs(cast.emma) == ["stewardship.consult_account"]


def test_logins_are_masked_until_they_are_asked_for(cast: Cast) -> None:
    client = cast.client("staff")
    address = sheet_of(client, cast.alice)
    page = client.get(address)
    assert "alice@college.test" not in page.content.decode()
    assert "a***@college.test" in words(page)
    assert "alice@college.test" in words(client.post(f"{address}/identifiants"))
    assert "alice@college.test" not in client.get(address).content.decode()
    assert verbs(cast.alice) == ["stewardship.consult_account", "stewardship.reveal_logins"]


def test_the_sheet_says_what_support_needs(cast: Cast) -> None:
    add_method(user=cast.emma, provider=GAR, external_id="i", first_name="E", last_name="P", at=AT)
    SignInFailures.objects.create(user=cast.emma, count=50, blocked_at=AT)
    client = cast.client("staff")
    seen = words(client.get(sheet_of(client, cast.emma)))
    for text in ("Bloqué", "Médiacentre (GAR)", "Collège Simone-Lumière", "3eme3", "Débloquer", "Choisi"):
        assert text in seen, text
    assert "Envoyer le message de nouveau mot de passe" not in seen  # no address to write to
    seen = words(client.get(sheet_of(client, cast.bob)))
    assert "Membre : Collège Simone-Lumière" in seen
    assert "Débloquer" not in seen


def test_the_sheet_costs_the_same_with_more_rows(cast: Cast) -> None:
    client = cast.client("staff")
    address = sheet_of(client, cast.emma)
    counts = []
    for more in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        school = open_school(name=f"École {more}", uai=f"099901{more}K", kind=SchoolKind.OTHER, at=AT)
        make_pupil(school, "Emma", "Pix", ine=f"11111111{more}BB", user=cast.emma)
        add_method(user=cast.emma, provider=f"oidc:p{more}", external_id="i", first_name="E", last_name="P", at=AT)
        Session.objects.create(
            session_key=f"{more}" * 32, session_data="", expire_date=AT + timedelta(days=1), user=cast.emma
        )
    assert len(set(counts)) == 1
    assert counts[0] <= 14


# --- acts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["debloquer", "mot-de-passe", "copie", "effacer", "methodes/GAR/retirer"])
def test_no_act_without_a_reason_and_nothing_typed_is_lost(cast: Cast, act: str) -> None:
    add_method(user=cast.alice, provider=GAR, external_id="i", first_name="A", last_name="M", at=AT)
    SignInFailures.objects.create(user=cast.alice, count=50, blocked_at=AT)
    client = cast.client("staff")
    address = sheet_of(client, cast.alice)
    assert client.get(f"{address}/{act}").status_code == 200
    page = client.post(f"{address}/{act}", {"reason": "  ", "confirmation": "EFFACER"})
    assert page.status_code == 422
    assert "Indiquez la raison de cet acte." in words(page)
    assert 'aria-describedby="id_reason_helptext id_reason_error' in page.content.decode()
    if act == "effacer":
        assert 'value="EFFACER"' in page.content.decode()
    assert verbs(cast.alice) == ["stewardship.consult_account"]
    assert SignInFailures.objects.filter(user=cast.alice).exists()
    assert SignInMethod.objects.filter(user=cast.alice).exists()


def test_unblocking(cast: Cast) -> None:
    SignInFailures.objects.create(user=cast.emma, count=50, blocked_at=AT)
    client = cast.client("staff")
    address = f"{sheet_of(client, cast.emma)}/debloquer"
    assert "Le compte est débloqué." in words(client.post(address, WHY, follow=True))
    assert "n'était pas bloqué, ou ne l'est plus" in words(client.post(address, WHY, follow=True))
    line = Event.objects.get(verb="stewardship.unblock_account")
    assert (line.actor, line.target, line.meta) == (str(cast.stan.uuid), str(cast.emma.uuid), {"reason": "demande 412"})


def test_the_mail_of_a_new_password_leaves_once(cast: Cast) -> None:
    client = cast.client("staff")
    address = f"{sheet_of(client, cast.alice)}/mot-de-passe"
    assert "Le message est parti." in words(client.post(address, WHY, follow=True))
    assert "Un message vient déjà de partir." in words(client.post(address, WHY, follow=True))
    mail = Mail.objects.get()
    assert mail.to == "alice@college.test"
    link = next(part for part in mail.text.split() if part.startswith("http"))
    assert "mot-de-passe-oublie/" in link
    assert Client().get(link, follow=True).status_code == 200
    with time_machine.travel(AT + timedelta(minutes=6), tick=False):
        client.post(address, WHY)
    assert Mail.objects.count() == 2


def test_no_mail_to_nowhere(cast: Cast) -> None:
    client = cast.client("staff")
    page = client.post(f"{sheet_of(client, cast.emma)}/mot-de-passe", WHY)
    assert page.status_code == 409
    assert "Ce compte n'a pas d'adresse e-mail." in words(page)
    assert 'value="demande 412"' in page.content.decode()
    assert not Mail.objects.exists()


@pytest.mark.proves("T-028")
def test_a_copy_is_for_the_person_alone(cast: Cast) -> None:
    client = cast.client("staff")
    address = f"{sheet_of(client, cast.alice)}/copie"
    assert "La copie se prépare." in words(client.post(address, WHY, follow=True))
    assert "Une copie se prépare déjà." in words(client.post(address, WHY, follow=True))
    export = DataExport.objects.get(user=cast.alice)
    assert client.get(f"/mon-compte/mes-donnees/{export.uuid}").status_code == 404
    assert Mail.objects.get().to == "alice@college.test"
    assert Event.objects.get(verb="stewardship.ask_export").actor == str(cast.stan.uuid)


def test_a_method_moves_to_the_account_that_was_found_and_seen(cast: Cast) -> None:
    double = mediacentre("Emma", "Pix", "ido-emma")
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=AT + timedelta(days=1), user=double)
    client = cast.client("staff")
    address = f"{sheet_of(client, double)}/methodes/GAR/deplacer"
    assert "C'est le seul moyen de connexion de ce compte" in words(client.get(address))
    assert "Aucun compte ne correspond" in words(client.post(address, {**WHY, "target": "emma"}))
    assert "C'est le même compte." in words(client.post(address, {**WHY, "target": "ido-emma"}))
    confirm = client.post(address, {**WHY, "target": "emma.pix0903"})
    assert confirm.status_code == 200
    assert "Vers : Emma Pix (e***.p***3), Collège Simone-Lumière" in words(confirm)
    assert SignInMethod.objects.get().user == double  # nothing moved yet
    done = {**WHY, "target": "emma.pix0903", "chosen": str(cast.emma.uuid)}
    assert "La méthode est déplacée." in words(client.post(address, done, follow=True))
    assert SignInMethod.objects.get().user == cast.emma
    assert not Session.objects.filter(user=double).exists()
    assert "rien n'a changé" in words(client.post(address, done, follow=True))
    line = Event.objects.get(verb="stewardship.move_method")
    assert (line.target, line.meta["to"], line.meta["reason"]) == (
        str(double.uuid), str(cast.emma.uuid), "demande 412",
    )  # fmt: skip


def test_a_method_does_not_replace_another(cast: Cast) -> None:
    double = mediacentre("Emma", "Pix", "ido-2")
    add_method(user=cast.emma, provider=GAR, external_id="ido-1", first_name="E", last_name="P", at=AT)
    client = cast.client("staff")
    address = f"{sheet_of(client, double)}/methodes/GAR/deplacer"
    page = client.post(address, {**WHY, "target": "emma.pix0903", "chosen": str(cast.emma.uuid)})
    assert page.status_code == 409
    assert "L'autre compte a déjà une méthode Médiacentre." in words(page)
    assert SignInMethod.objects.get(user=double).external_id == "ido-2"


def test_the_last_way_in_stays(cast: Cast) -> None:
    zoe = mediacentre("Zoé", "Laval", "ido-zoe")
    add_method(user=cast.emma, provider=GAR, external_id="ido-emma", first_name="E", last_name="P", at=AT)
    client = cast.client("staff")
    page = client.post(f"{sheet_of(client, zoe)}/methodes/GAR/retirer", WHY)
    assert page.status_code == 409
    assert "C'est le seul moyen de connexion de ce compte" in words(page)
    address = f"{sheet_of(client, cast.emma)}/methodes/GAR/retirer"
    assert "La méthode est retirée." in words(client.post(address, WHY, follow=True))
    assert "n'a plus cette méthode" in words(client.post(address, WHY, follow=True))
    assert list(SignInMethod.objects.values_list("user", flat=True)) == [zoe.pk]
    assert Event.objects.get(verb="stewardship.remove_method").meta["reason"] == "demande 412"


def test_an_account_that_a_page_shows_is_in_the_journal(cast: Cast) -> None:
    double = mediacentre("Emma", "Pix", "ido-emma")
    client = cast.client("staff")
    address = f"{sheet_of(client, double)}/methodes/GAR/deplacer"
    assert "Bob Diallo" in words(client.post(address, {"reason": "", "chosen": str(cast.bob.uuid)}))
    assert verbs(cast.bob) == ["stewardship.consult_account"]
    assert client.post(address, {**WHY, "chosen": "x"}).status_code == 404
    assert client.post(address, {**WHY, "chosen": cast.ids["nothing"]}).status_code == 404


@pytest.mark.proves("T-028")
def test_erasing_takes_a_word_and_a_reason(cast: Cast) -> None:
    client = cast.client("staff")
    address = f"{sheet_of(client, cast.bob)}/effacer"
    page = client.post(address, {**WHY, "confirmation": "oui"})
    assert page.status_code == 422
    assert "Écrivez EFFACER pour confirmer." in words(page)
    assert 'value="demande 412"' in page.content.decode()
    assert "Le compte est effacé." in words(client.post(address, {**WHY, "confirmation": "effacer "}, follow=True))
    assert User.objects.get(pk=cast.bob.pk).anonymised_by == str(cast.stan.uuid)
    line = Event.objects.get(verb="stewardship.erase_person")
    assert line.meta == {"reason": "demande 412"}
    again = client.post(address, {**WHY, "confirmation": "EFFACER"}, follow=True)
    assert "il n'y a plus rien à y faire" in words(again)
    assert "Débloquer" not in words(again)
    assert Event.objects.filter(verb="stewardship.erase_person").count() == 1


def test_the_staff_is_told_of_schools_left_alone(cast: Cast) -> None:
    client = cast.client("staff")
    address = f"{sheet_of(client, cast.alice)}/effacer"
    typed = {**WHY, "confirmation": "EFFACER"}
    page = client.post(address, typed)
    assert page.status_code == 409
    assert "Cette personne administre seule : Collège Simone-Lumière" in words(page)
    assert User.objects.get(pk=cast.alice.pk).anonymised_at is None
    assert "Le compte est effacé." in words(client.post(address, {**typed, "understood": "on"}, follow=True))
    assert Event.objects.get(verb="stewardship.erase_person").meta["schools_without_admin"] == [str(cast.school.uuid)]


def test_nobody_erases_their_own_account_here(cast: Cast) -> None:
    client = cast.client("staff")
    page = client.post(f"{sheet_of(client, cast.stan)}/effacer", {**WHY, "confirmation": "EFFACER"})
    assert page.status_code == 409
    assert "C'est votre propre compte" in words(page)


def test_an_account_that_is_somebody_else_s_leaves_the_record(cast: Cast) -> None:
    client = cast.client("staff")
    address = f"{sheet_of(client, cast.emma)}/eleves/{cast.school.uuid}/detacher"
    assert "Établissement : Collège Simone-Lumière." in words(client.get(address))
    assert client.post(address, {"reason": ""}).status_code == 422
    assert "Le compte est détaché." in words(client.post(address, WHY, follow=True))
    pupil = Pupil.objects.get(pk=cast.emma_pupil.pk)
    assert (pupil.user, pupil.ine, pupil.active) == (None, "0123456789A", True)
    assert User.objects.get(pk=cast.emma.pk).is_active
    assert "n'est pas ou n'est plus lié" in words(client.post(address, WHY, follow=True))
    assert "n'est pas ou n'est plus lié" in words(client.get(address, follow=True))
    line = Event.objects.get(verb="stewardship.unlink_pupil")
    assert (line.target, line.organization, line.meta) == (
        str(cast.emma.uuid), str(cast.school.uuid), {"pupil": str(pupil.uuid), "reason": "demande 412"},
    )  # fmt: skip
    other = f"{PLACE}/{cast.emma.uuid}/eleves/{cast.ids['nothing']}/detacher"
    assert client.post(other, WHY).status_code == 404


def test_an_hour_that_ends_while_typing_loses_nothing(cast: Cast) -> None:
    SignInFailures.objects.create(user=cast.emma, count=50, blocked_at=AT)
    client = cast.client("staff")
    address = sheet_of(client, cast.emma)
    with time_machine.travel(AT + timedelta(hours=2), tick=False):
        assert "Le compte est débloqué." in words(client.post(f"{address}/debloquer", WHY, follow=True))
    assert verbs(cast.emma).count("stewardship.consult_account") == 2


@pytest.mark.parametrize("role", ["pupil", "member", "admin", "other_admin"])
def test_the_pages_do_not_exist_for_others(cast: Cast, role: str) -> None:
    client = cast.client(role)
    assert client.post(PLACE, {"who": "emma.pix0903"}).status_code == 404
    for end in ("", "/ouvrir", "/identifiants", "/debloquer", "/effacer", "/methodes/GAR/retirer"):
        assert client.post(f"{PLACE}/{cast.bob.uuid}{end}", {**WHY, "confirmation": "EFFACER"}).status_code in {
            404,
            405,
        }
    assert not Event.objects.filter(verb__startswith="stewardship.").exists()
    assert User.objects.get(pk=cast.bob.pk).anonymised_at is None


def test_staff_without_a_second_factor_sets_one_first(cast: Cast, settings: Any) -> None:
    from tests.factories.cast import adult

    settings.STAFF_SECOND_FACTOR = True
    adult("Nina", "Nouvelle", "nina@pix.test")
    nina = User.objects.get(email="nina@pix.test")
    User.objects.filter(pk=nina.pk).update(is_staff=True)
    client = Client()
    client.force_login(nina, backend="allauth.account.auth_backends.AuthenticationBackend")
    for place in (PLACE, f"{PLACE}/{cast.emma.uuid}", "/pilotage/etablissements", "/pilotage/journal"):
        assert client.get(place)["Location"].endswith("/double-authentification"), place


def test_an_unknown_account_is_not_found(cast: Cast) -> None:
    client = cast.client("staff")
    nothing = cast.ids["nothing"]
    for end in ("", "/debloquer", "/methodes/GAR/retirer"):
        assert client.get(f"{PLACE}/{nothing}{end}").status_code == 404
    assert client.get(f"{sheet_of(client, cast.emma)}/inventer").status_code == 404
