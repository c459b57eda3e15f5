"""« Comptes »: an exact search, one person's sheet, and what the staff may do for them, each act with its reason."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.internal.flows.password_reset import request_password_reset
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pix.accounts.access import Staff
from pix.accounts.identities import AlreadyIdentified, LastMethod
from pix.core import clock
from pix.stewardship.access import account_for, school_for
from pix.stewardship.actions import LastAdmin, support
from pix.stewardship.queries.accounts import AccountSheet, account_sheet
from pix.web.admin.acts import ActPage
from pix.web.admin.frame import frame
from pix.web.admin.guard import staff

CONSULTATION = timedelta(hours=1)
"""How long a sheet that was opened stays open in the same sign-in; each opening has its line in the journal."""
WORD = "EFFACER"
_OPENED = "consulted_accounts"


@sensitive_post_parameters("who")
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def search(request: HttpRequest, actor: Staff) -> HttpResponse:
    """What is searched is never in an address; one account opens at once, several are shown to choose from."""
    typed = request.POST.get("who", "").strip()
    if request.method != "POST":
        return render(request, "admin/accounts.html", frame("accounts", typed="", error="", sheets=[]))
    if not typed:
        error = _("Écrivez une adresse e-mail, un identifiant, un identifiant GAR ou un INE.")
        return render(request, "admin/accounts.html", frame("accounts", typed="", error=error, sheets=[]), status=422)
    found = support.find_accounts(text=typed, by=actor.user, at=clock.now())
    if len(found.accounts) == 1:
        _remember(request, found.accounts[0].uuid)
        return redirect("admin:account", account=found.accounts[0].uuid)
    error = ""
    if found.schools:
        error = _("Cet INE est dans la base élèves de {schools}, mais aucun compte n'y est lié.").format(
            schools=", ".join(found.schools)
        )
    elif not found.accounts:
        error = _("Aucun compte n'a exactement cette adresse, cet identifiant ou cet INE. Vérifiez la saisie.")
    sheets = [_sheet(user) for user in found.accounts]
    context = frame("accounts", typed=typed, error=error, sheets=sheets)
    return render(request, "admin/accounts.html", context, status=422 if error else 200)


@require_safe
@staff
def show(request: HttpRequest, actor: Staff, account: UUID) -> HttpResponse:
    """The sheet, once its opening is in the journal; until then, a button that opens it."""
    user = account_for(actor, account)
    if not _is_open(request, account):
        return render(request, "admin/account_closed.html", frame("accounts", account=account))
    return _show(request, _sheet(user))


@require_POST
@staff
def open_sheet(request: HttpRequest, actor: Staff, account: UUID) -> HttpResponse:
    """« Ouvrir la fiche »."""
    support.consult_account(account=account_for(actor, account), by=actor.user, at=clock.now())
    _remember(request, account)
    return redirect("admin:account", account=account)


@require_POST
@staff
def reveal(request: HttpRequest, actor: Staff, account: UUID) -> HttpResponse:
    """« Afficher »: the whole e-mail address and username, on this answer only."""
    user = account_for(actor, account)
    support.reveal_logins(account=user, by=actor.user, at=clock.now())
    _remember(request, account)
    return _show(request, _sheet(user), revealed=True)


@sensitive_post_parameters("target")
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def act(request: HttpRequest, actor: Staff, account: UUID, act: str) -> HttpResponse:
    """An act on the account: explained by GET, done by POST."""
    return _act(request, actor, account, ACTS, act, "")


@sensitive_post_parameters("target")
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def method_act(request: HttpRequest, actor: Staff, account: UUID, provider: str, act: str) -> HttpResponse:
    """An act on one way into the account."""
    return _act(request, actor, account, METHOD_ACTS, act, provider)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def unlink(request: HttpRequest, actor: Staff, account: UUID, school: UUID) -> HttpResponse:
    """« Détacher » the account from the pupil's record of a school."""
    return _act(request, actor, account, {"": _unlink}, "", str(school_for(actor, school).uuid))


# --- what the pages share ---------------------------------------------------------------------------------------------


def _sheet(user: object) -> AccountSheet:
    return account_sheet(user, clock.now(), clock.real_now())  # type: ignore[arg-type]


def _show(request: HttpRequest, sheet: AccountSheet, *, revealed: bool = False) -> HttpResponse:
    trail = [{"label": _("Comptes"), "href": reverse("admin:accounts")}, {"label": sheet.full_name}]
    return render(request, "admin/account.html", frame("accounts", sheet=sheet, revealed=revealed, breadcrumb=trail))


def _remember(request: HttpRequest, account: UUID) -> None:
    """The sheet is open in this sign-in for an hour."""
    kept = {key: until for key, until in request.session.get(_OPENED, {}).items() if _runs(until)}
    request.session[_OPENED] = {**kept, str(account): (clock.real_now() + CONSULTATION).isoformat()}


def _is_open(request: HttpRequest, account: UUID) -> bool:
    return _runs(request.session.get(_OPENED, {}).get(str(account), ""))


def _runs(until: str) -> bool:
    return bool(until) and datetime.fromisoformat(until) > clock.real_now()


Run = Callable[[HttpRequest, Staff, AccountSheet, ActPage, str], HttpResponse]


def _act(
    request: HttpRequest, actor: Staff, account: UUID, acts: dict[str, Run], name: str, provider: str
) -> HttpResponse:
    user = account_for(actor, account)
    run = acts.get(name)
    if run is None:
        raise Http404
    if not _is_open(request, account):
        if request.method != "POST":
            return redirect("admin:account", account=account)
        # The hour ended while the reason was being typed: nothing of it is lost, and the journal knows.
        support.consult_account(account=user, by=actor.user, at=clock.now())
        _remember(request, account)
    sheet = _sheet(user)
    if sheet.erased:
        messages.info(request, _("Ce compte est effacé\u202f: il n'y a plus rien à y faire."))
        return redirect("admin:account", account=account)
    back = reverse("admin:account", kwargs={"account": account})
    trail = [{"label": _("Comptes"), "href": reverse("admin:accounts")}, {"label": sheet.full_name, "href": back}]
    page = ActPage(request, "accounts", "", sheet.full_name, back, trail, "")
    try:
        return run(request, actor, sheet, page, provider)
    except support.AccountClosed:
        return page.refused(409, _("Ce compte est fermé ou effacé\u202f: rien ne peut y être fait."))


def _done(request: HttpRequest, page: ActPage, changed: bool, text: str, already: str) -> HttpResponse:
    if changed:
        messages.success(request, text)
    else:
        messages.info(request, already)
    return redirect(page.back)


# --- the acts ---------------------------------------------------------------------------------------------------------


def _unblock(request: HttpRequest, actor: Staff, sheet: AccountSheet, page: ActPage, provider: str) -> HttpResponse:
    page.title, page.button, page.icon = _("Débloquer le compte"), _("Débloquer"), "undo"
    page.consequences = [
        _("Le compte des mots de passe incorrects repart de zéro\u202f: la personne peut essayer tout de suite."),
        _("Son mot de passe ne change pas."),
    ]
    if request.method != "POST":
        return page.answer()
    if not page.checked():
        return page.answer(422)
    user = account_for(actor, sheet.uuid)
    changed = support.unblock_account(account=user, by=actor.user, reason=page.reason, at=clock.now())
    return _done(
        request, page, changed, _("Le compte est débloqué."), _("Ce compte n'était pas bloqué, ou ne l'est plus.")
    )


def _reset(request: HttpRequest, actor: Staff, sheet: AccountSheet, page: ActPage, provider: str) -> HttpResponse:
    page.title, page.button, page.icon = (
        _("Envoyer le message de nouveau mot de passe"),
        _("Envoyer le message"),
        "mail",
    )
    page.consequences = [
        _("Un message part à l'adresse du compte, {email}. Son lien sert une fois, pendant un jour.").format(
            email=sheet.masked_email or "–"
        ),
        _("Le mot de passe actuel reste valable jusque-là."),
    ]
    no_address = _(
        "Ce compte n'a pas d'adresse e-mail. Un élève demande un mot de passe à usage unique à un enseignant."
    )
    if not sheet.email:
        page.warning, page.consequences = no_address, []
    if request.method != "POST":
        return page.answer()
    if not page.checked():
        return page.answer(422)

    def send(user: object) -> None:
        request_password_reset(request, sheet.email, [user], None)

    user = account_for(actor, sheet.uuid)
    try:
        changed = support.send_reset(account=user, by=actor.user, reason=page.reason, send=send, at=clock.now())
    except support.NoAddress:
        return page.refused(409, no_address)
    return _done(
        request,
        page,
        changed,
        _("Le message est parti."),
        _("Un message vient déjà de partir. Attendez quelques minutes."),
    )


def _copy(request: HttpRequest, actor: Staff, sheet: AccountSheet, page: ActPage, provider: str) -> HttpResponse:
    page.title, page.button, page.icon = _("Préparer la copie des données"), _("Préparer la copie"), "download"
    page.consequences = [
        _(
            "La copie est pour la personne seule\u202f: elle la trouve dans «\u202fMon compte\u202f», pendant sept jours."
        ),
        _("Vous ne la voyez pas."),
    ]
    if sheet.email:
        page.consequences.append(_("Un message l'en prévient."))
    if request.method != "POST":
        return page.answer()
    if not page.checked():
        return page.answer(422)
    address = request.build_absolute_uri(reverse("app:account"))
    words = render_to_string("admin/mails/copy.txt", {"brand": settings.BRAND, "address": address})
    subject, _blank, text = words.partition("\n")
    user = account_for(actor, sheet.uuid)
    changed = support.start_export(
        account=user,
        by=actor.user,
        reason=page.reason,
        letter=support.Letter(subject, text.lstrip("\n")),
        at=clock.now(),
    )
    return _done(request, page, changed, _("La copie se prépare."), _("Une copie se prépare déjà."))


def _erase(request: HttpRequest, actor: Staff, sheet: AccountSheet, page: ActPage, provider: str) -> HttpResponse:
    page.title, page.button = _("Effacer le compte"), _("Effacer définitivement")
    page.kind, page.icon, page.word = "danger", "trash", WORD
    page.consequences = [
        _("Plus personne ne peut se connecter à ce compte. Nom, adresse, identifiant et sessions disparaissent."),
        _("La personne quitte ses équipes. Ses réponses restent, sans son nom."),
        _("Un établissement garde sa fiche d'élève et les résultats qu'elle lui a envoyés."),
        _("C'est définitif. La personne a pu recevoir avant une copie de ses données."),
    ]
    if request.method != "POST":
        return page.answer()
    agreed = "understood" in request.POST
    if not page.checked():
        return page.answer(422)
    user = account_for(actor, sheet.uuid)
    try:
        changed = support.erase_account(
            account=user, by=actor.user, leaves_alone=agreed, reason=page.reason, at=clock.now()
        )
    except LastAdmin as alone:
        schools = ", ".join(school.name for school in alone.schools)
        page.checkbox = _("J'efface quand même\u202f: ces établissements n'auront plus d'administrateur.")
        sentence = _(
            "Cette personne administre seule\u202f: {schools}. Nommez d'abord un autre administrateur, ou cochez la case."
        ).format(schools=schools)
        return page.refused(409, sentence, "understood")
    except support.OwnAccount:
        return page.refused(409, _("C'est votre propre compte\u202f: effacez-le depuis «\u202fMon compte\u202f»."))
    return _done(request, page, changed, _("Le compte est effacé."), _("Ce compte était déjà effacé."))


def _move(request: HttpRequest, actor: Staff, sheet: AccountSheet, page: ActPage, provider: str) -> HttpResponse:
    """Two steps: find the other account, then confirm with both in view."""
    line = next((one for one in sheet.methods if one.provider == provider and one.movable), None)
    page.title = _("Déplacer la méthode Médiacentre")
    page.button, page.icon = _("Chercher le compte"), "search"
    page.consequences = [
        _(
            "L'élève qui vient du médiacentre arrive dans l'autre compte. Les sessions ouvertes du compte de départ sont fermées."
        )
    ]
    if line is not None and line.only_way:
        page.warning = _("C'est le seul moyen de connexion de ce compte\u202f: ensuite, plus personne n'y entrera.")
    typed = request.POST.get("target", "").strip()
    page.fields = [
        {
            "name": "target", "label": _("Compte qui la reçoit"), "value": typed,
            "help": _("Adresse e-mail, identifiant ou INE, exactement."),
        }
    ]  # fmt: skip
    if request.method != "POST":
        if line is None:
            messages.info(request, _("Ce compte n'a pas ou n'a plus cette méthode."))
            return redirect(page.back)
        return page.answer()
    chosen = request.POST.get("chosen", "")
    if not chosen:
        return _choose(request, actor, sheet, page, typed)
    try:
        target = account_for(actor, UUID(chosen))
    except ValueError:
        raise Http404 from None
    if not _is_open(request, target.uuid):
        # Named by hand, or shown more than an hour ago: this page shows the account, and the journal knows.
        support.consult_account(account=target, by=actor.user, at=clock.now())
        _remember(request, target.uuid)
    _confirming(page, typed, _sheet(target))
    if not page.checked():
        return page.answer(422)
    try:
        changed = support.move_method(
            source=account_for(actor, sheet.uuid), target=target, provider=provider,
            by=actor.user, reason=page.reason, at=clock.now(),
        )  # fmt: skip
    except support.SameAccount:
        return page.refused(409, _("C'est le même compte. Cherchez-en un autre."))
    except support.NoMethod:
        return page.refused(409, _("Ce compte n'a pas ou n'a plus cette méthode. Rouvrez la fiche."))
    except AlreadyIdentified:
        return page.refused(409, _("L'autre compte a déjà une méthode Médiacentre. Retirez-la d'abord de sa fiche."))
    return _done(
        request,
        page,
        changed,
        _("La méthode est déplacée."),
        _("L'autre compte a déjà cette méthode\u202f: rien n'a changé."),
    )


def _choose(request: HttpRequest, actor: Staff, sheet: AccountSheet, page: ActPage, typed: str) -> HttpResponse:
    """First step: exactly one other account answers to what was typed."""
    page.checked()
    if not typed:
        page.errors["target"] = _("Écrivez l'adresse e-mail, l'identifiant ou l'INE de l'autre compte.")
    else:
        found = support.find_accounts(text=typed, by=actor.user, at=clock.now()).accounts
        others = [user for user in found if user.uuid != sheet.uuid]
        if not others:
            page.errors["target"] = (
                _("C'est le même compte. Cherchez-en un autre.")
                if found
                else _("Aucun compte ne correspond exactement.")
            )
        elif len(others) > 1:
            page.errors["target"] = _(
                "Plusieurs comptes ont cet INE\u202f: écrivez plutôt une adresse ou un identifiant."
            )
    if page.errors:
        return page.answer(422)
    _remember(request, others[0].uuid)
    _confirming(page, typed, _sheet(others[0]))
    return page.answer()


def _confirming(page: ActPage, typed: str, target: AccountSheet) -> None:
    """Second step: both accounts in view."""
    where = ", ".join(place.name for place in (*target.pupil_of, *target.teams)) or _("aucun établissement")
    login = " · ".join(part for part in (target.masked_username, target.masked_email) if part) or "–"
    page.fields, page.hidden = [], {"target": typed, "chosen": str(target.uuid)}
    page.button, page.icon = _("Déplacer la méthode"), "arrow-right"
    page.consequences = [
        _("De\u202f: {name}").format(name=page.subject),
        _("Vers\u202f: {name} ({login}), {where}").format(name=target.full_name, login=login, where=where),
        *page.consequences,
    ]


def _remove(request: HttpRequest, actor: Staff, sheet: AccountSheet, page: ActPage, provider: str) -> HttpResponse:
    line = next((one for one in sheet.methods if one.provider == provider), None)
    label = line.label if line else provider
    page.title, page.button = _("Retirer la méthode {label}").format(label=label), _("Retirer la méthode")
    page.kind, page.icon = "danger", "trash"
    page.consequences = [_("La personne ne se connecte plus par ce moyen. Ses sessions ouvertes sont fermées.")]
    last = _(
        "C'est le seul moyen de connexion de ce compte\u202f: il reste. Ajoutez-en un autre, ou effacez le compte."
    )
    if line is not None and line.only_way:
        page.warning = last
    if request.method != "POST":
        if line is None:
            messages.info(request, _("Ce compte n'a pas ou n'a plus cette méthode."))
            return redirect(page.back)
        return page.answer()
    if not page.checked():
        return page.answer(422)
    user = account_for(actor, sheet.uuid)
    try:
        changed = support.remove_method(
            account=user, provider=provider, by=actor.user, reason=page.reason, at=clock.now()
        )
    except LastMethod:
        return page.refused(409, last)
    return _done(request, page, changed, _("La méthode est retirée."), _("Ce compte n'a plus cette méthode."))


def _unlink(request: HttpRequest, actor: Staff, sheet: AccountSheet, page: ActPage, school: str) -> HttpResponse:
    place = school_for(actor, UUID(school))
    already = _("Ce compte n'est pas ou n'est plus lié à un élève de cet établissement.")
    page.title, page.button = _("Détacher le compte de l'élève"), _("Détacher")
    page.kind, page.icon = "danger", "link"
    page.consequences = [
        _("Établissement\u202f: {name}.").format(name=place.name),
        _("La fiche de l'élève n'a plus de compte\u202f: l'élève peut rejoindre l'établissement avec le sien."),
        _("Le compte et ses réponses restent. Les résultats déjà envoyés restent à l'établissement."),
    ]
    if request.method != "POST":
        if place.uuid not in {one.school for one in sheet.pupil_of}:
            messages.info(request, already)
            return redirect(page.back)
        return page.answer()
    if not page.checked():
        return page.answer(422)
    user = account_for(actor, sheet.uuid)
    changed = support.unlink_pupil(account=user, school=place, by=actor.user, reason=page.reason, at=clock.now())
    return _done(request, page, changed, _("Le compte est détaché."), already)


ACTS: dict[str, Run] = {"debloquer": _unblock, "mot-de-passe": _reset, "copie": _copy, "effacer": _erase}
METHOD_ACTS: dict[str, Run] = {"deplacer": _move, "retirer": _remove}
