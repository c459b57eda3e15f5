"""From a code to the first question: which page is next, who the person is on the roll, the start."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pix.accounts.access import Person, person_of
from pix.accounts.actions import BadPassword
from pix.accounts.identities import GAR, Pending, PendingExpired, drop_pending, pending_of
from pix.campaigns.actions import play
from pix.campaigns.enums import CampaignType, Refusal, Status
from pix.campaigns.queries.pupil import campaign_of_code, current_participation, run_uuid
from pix.core import clock
from pix.learners import actions as learners
from pix.learners.enums import Method
from pix.learners.queries import pupil_of, silent_match
from pix.web.app.entry.forms import Identity, identity_of
from pix.web.app.frame import frame
from pix.web.app.guard import person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KEPT = "joining"
"""Key of the sign-in's own data: the pupil that was matched and the username that the server proposed."""
TRIES, WINDOW = 120, 600
"""Tries to join by address and campaign in ten minutes: a class of 30 behind one address has four each."""

WRONG_CODE = "Votre code est erroné, veuillez vérifier ou contacter l'organisateur."
NO_CODE = "Veuillez saisir un code."
DISABLED = "L'inscription de l'élève est désactivée dans l'organisation."
NOT_FOUND = "Oups\u202f! nous ne parvenons pas à vous trouver. Vérifiez votre code ou contactez l'organisateur."
UNKNOWN = (
    "Vous êtes un élève\u202f? Vérifiez vos informations (prénom, nom et date de naissance) ou contactez un enseignant."
)
INVALID = "Un des champs saisis n'est pas valide."
TOO_MANY = "Trop d'essais depuis ce réseau. Réessayez dans quelques minutes."
TAKEN = "Cet identifiant n'est plus disponible, merci de recharger la page."

Campaign = Any
"""A row of the domain, handed over by its query."""


def who_is(request: HttpRequest) -> Person | None:
    return person_of(request.user) if request.user.is_authenticated else None


def waiting(request: HttpRequest) -> Pending | None:
    """The identity that came from the médiacentre and has no account yet. Raises ``PendingExpired``."""
    return None if request.user.is_authenticated else pending_of(request.session, GAR, at=clock.now())


def expired(request: HttpRequest) -> HttpResponse:
    """It waited for an hour; it is forgotten, and the page says where to begin again."""
    drop_pending(request.session)
    return stopped(
        request,
        401,
        _("Votre passage par le médiacentre a expiré."),
        _("Reconnectez-vous depuis le médiacentre\u202f: cliquez de nouveau sur la tuile {brand}.").format(
            brand=settings.BRAND
        ),
        [(_("Revenir à la page du code"), reverse("app:code"))],
    )


def _code_page(request: HttpRequest, error: str = "", typed: str = "", status: int = 200) -> HttpResponse:
    newcomer = waiting(request)
    name = newcomer.first_name if newcomer else getattr(request.user, "first_name", "")
    context = frame(
        request,
        "code",
        typed=typed,
        error=_(error) if error else "",
        name=name,
        full_name=f"{newcomer.first_name} {newcomer.last_name}" if newcomer else getattr(request.user, "full_name", ""),
        newcomer=newcomer is not None,
        next_place=reverse("app:code"),
    )
    return render(request, "app/entry/code.html", context, status=status)


def stopped(request: HttpRequest, status: int, title: str, text: str, links: list[tuple[str, str]]) -> HttpResponse:
    context = frame(request, "code", title=title, text=text, links=links)
    return render(request, "app/entry/stopped.html", context, status=status)


def _closed(request: HttpRequest) -> HttpResponse:
    return stopped(
        request,
        403,
        _("Ce parcours a été désactivé par l'organisateur."),
        _("Il n'accepte plus de réponses ni d'envois. Les réponses déjà données sont gardées."),
        [(_("Saisir un autre code"), reverse("app:code"))],
    )


def _disabled(request: HttpRequest) -> HttpResponse:
    return stopped(
        request,
        403,
        _(DISABLED),
        _(
            "Votre compte et vos résultats sont gardés. Contactez un enseignant si vous êtes encore dans cet établissement."
        ),
        [(_("Revenir à l'accueil"), reverse("app:home"))],
    )


def campaign(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets ``(request, campaign, …)``; a wrong code shows its field again, an archived one says so."""

    @wraps(view)
    def guarded(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
        try:
            waiting(request)
        except PendingExpired:
            return expired(request)
        found = campaign_of_code(code)
        if found is None:
            return _code_page(request, WRONG_CODE, code[:20], 404)
        if found.archived_at is not None:
            return _closed(request)
        if not found.organization.manages_pupils:
            return stopped(
                request, 403, _("Accès impossible"), _(NOT_FOUND), [(_("J'ai un code"), reverse("app:code"))]
            )
        return view(request, found, **kwargs)

    return guarded


def go(name: str, asked: Campaign) -> HttpResponse:
    return redirect(name, code=asked.code)


@login_not_required
@require_safe
def code(request: HttpRequest) -> HttpResponse:
    """« J'ai un code »: the field, then the entrance of the campaign."""
    try:
        waiting(request)
    except PendingExpired:
        return expired(request)
    if "code" not in request.GET:
        return _code_page(request)
    typed = request.GET["code"]
    if not typed.strip():
        return _code_page(request, NO_CODE, status=422)
    found = campaign_of_code(typed)
    if found is None:
        return _code_page(request, WRONG_CODE, typed[:20], 404)
    return go("app:entrance", found)


@login_not_required
@require_safe
@campaign
def entrance(request: HttpRequest, asked: Campaign) -> HttpResponse:
    """Decides the next page (schools 9.1)."""
    who = who_is(request)
    if who is None:
        return go("app:mediacentre" if waiting(request) else "app:access", asked)
    own = pupil_of(who.user, asked.organization)
    if own is None:
        free = silent_match(who.user, asked.organization)
        return go("app:landing" if free else "app:join", asked)
    return go("app:landing", asked) if own.active else _disabled(request)


@login_not_required
@require_safe
@campaign
def landing(request: HttpRequest, asked: Campaign) -> HttpResponse:
    """The school's words and « Je commence »; a run that was begun is resumed, a sent one is shown."""
    who = who_is(request)
    if who is None:
        return go("app:access", asked)
    own = pupil_of(who.user, asked.organization)
    if own is None and silent_match(who.user, asked.organization) is None:
        return go("app:join", asked)
    if own is not None and not own.active:
        return _disabled(request)
    run = None
    former = current_participation(who, asked)
    if former is not None:
        run = run_uuid(former)
        if former.status == Status.STARTED:
            return redirect("app:resume", run=run)
        if former.status == Status.TO_SHARE or not asked.multiple_sending:
            return redirect("app:results", run=run)
    profile = asked.type == CampaignType.PROFILE
    context = frame(
        request,
        "code",
        asked=asked,
        school=asked.organization.name,
        title=asked.title
        or (
            _("Envoyez votre profil") if profile else _("Commencez votre parcours {brand}").format(brand=settings.BRAND)
        ),
        action=_("Repasser mon parcours") if run else _("C'est parti\u202f!") if profile else _("Je commence"),
        run=run,
        next_place=reverse("app:entrance", kwargs={"code": asked.code}),
    )
    return render(request, "app/entry/landing.html", context)


@require_POST
@person
def start(request: HttpRequest, actor: Person, code: str) -> HttpResponse:
    """« Je commence »: links silently when that needs no question, then starts, and opens the first question."""
    asked = campaign_of_code(code)
    if asked is None:
        return _code_page(request, WRONG_CODE, code[:20], 404)
    now = clock.now()
    try:
        if pupil_of(actor.user, asked.organization) is None:
            learners.link_silently(user=actor.user, organization=asked.organization, at=now)
        row = play.start(person=actor, campaign=asked, at=now)
    except play.Refused as error:
        return _not_started(request, asked, error)
    except (learners.PupilNotFound, learners.JoiningRefused):
        return go("app:join", asked)  # the roll changed in the same second: the form says why
    run = run_uuid(row)
    if row.status != Status.STARTED:
        return redirect("app:results", run=run)
    return redirect("app:question", run=run, rank=1)


def _not_started(request: HttpRequest, asked: Campaign, error: play.Refused) -> HttpResponse:
    """The page of each refusal (learning 5.7)."""
    back = [(_("Revenir à mes parcours"), reverse("app:runs"))]
    results = [(_("Voir mes résultats"), reverse("app:results", kwargs={"run": error.run}))] if error.run else []
    match error.refusal:
        case Refusal.LEARNER_DISABLED:
            return _disabled(request)
        case Refusal.CAMPAIGN_CLOSED:
            return _closed(request)
        case Refusal.NOT_LINKED:
            return go("app:join", asked)
        case Refusal.NOT_SHARED_YET if error.run:
            return redirect("app:resume", run=error.run)
        case Refusal.ALREADY_PARTICIPATED if error.run:
            return redirect("app:results", run=error.run)
        case Refusal.NOTHING_LEFT:
            title = _("Vous avez déjà tout réussi\u202f!")
            text = _("Il ne reste aucune question à repasser dans ce parcours.")
            return stopped(request, 409, title, text, results + back)
        case Refusal.TOO_EARLY if error.opens_at:
            when = clock.paris(error.opens_at).strftime("%d/%m/%Y à %H:%M")
            text = _("Vous pourrez repasser ce parcours à partir du {when}.").format(when=when)
            return stopped(request, 409, _("Encore un peu de patience"), text, results + back)
        case Refusal.LEARNER_ALREADY_IN:
            text = _(
                "Vous participez déjà à ce parcours avec un autre compte. Déconnectez-vous, puis connectez-vous avec lui."
            )
            return stopped(request, 409, _("Parcours déjà commencé"), text, back)
    status = 403 if error.refusal is Refusal.PARTICIPATION_DELETED else 409
    return stopped(request, status, _("Accès impossible"), _("Le parcours n'est pas accessible pour vous."), back)


@login_not_required
@require_safe
@campaign
def access(request: HttpRequest, asked: Campaign) -> HttpResponse:
    """The double page: open an account first, or sign in. A school with the médiacentre is told of it, and may go on."""
    if who_is(request) is not None or waiting(request) is not None:
        return go("app:entrance", asked)
    context = frame(
        request,
        asked=asked,
        school=asked.organization.name,
        gar=asked.organization.uses_gar,
        next_place=reverse("app:entrance", kwargs={"code": asked.code}),
    )
    return render(request, "app/entry/access.html", context)


def kept_match(request: HttpRequest, asked: Campaign) -> dict[str, str] | None:
    """The match kept for this campaign, if any."""
    kept = request.session.get(KEPT)
    return kept if kept and kept["campaign"] == str(asked.uuid) else None


def too_many(request: HttpRequest, asked: Campaign) -> bool:
    key = f"joining:{get_adapter().get_client_ip(request)}:{asked.uuid}"
    cache.add(key, 0, WINDOW)
    return bool(cache.incr(key) > TRIES)


def refused(request: HttpRequest, asked: Campaign, error: learners.JoiningRefused) -> HttpResponse:
    """Shown as it is listed, the code for support; a médiacentre account is a teacher's matter."""
    request.session.pop(KEPT, None)
    refusal = error.refusal
    context = frame(
        request,
        "code",
        text=refusal.said(brand=settings.BRAND, translate=_),
        code=refusal.code,
        ask_teacher=refusal.method is Method.GAR or (refusal.method is None and refusal.code != "R70"),
        may_sign_in=refusal.method in (Method.EMAIL, Method.USERNAME),
        next_place=reverse("app:entrance", kwargs={"code": asked.code}),
    )
    return render(request, "app/entry/refused.html", context, status=refusal.status)


def join_page(
    request: HttpRequest, asked: Campaign, typed: Identity, error: str = "", status: int = 200
) -> HttpResponse:
    context = frame(
        request, "code", asked=asked, school=asked.organization.name, typed=typed, error=_(error) if error else ""
    )
    return render(request, "app/entry/join.html", context, status=status)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@campaign
def join(request: HttpRequest, asked: Campaign) -> HttpResponse:
    """« Rejoignez l'organisation … »: names and birth date; then a new account, or the account that is signed in."""
    who = who_is(request)
    if request.method != "POST":
        kept = kept_match(request, asked)
        if who is not None and kept is not None and request.GET.get("etape") == "confirmer":
            login_shown = who.user.email or who.user.username or who.user.full_name
            context = frame(request, "code", asked=asked, kept=kept, login=login_shown)
            return render(request, "app/entry/confirm.html", context)
        if who is not None and pupil_of(who.user, asked.organization) is not None:
            return go("app:entrance", asked)
        return join_page(request, asked, Identity())
    if who is not None and "confirmer" in request.POST:
        return _associate(request, asked, who)
    typed = identity_of(request.POST)
    if too_many(request, asked):
        return join_page(request, asked, typed, TOO_MANY, 429)
    if typed.birth_date is None:
        return join_page(request, asked, typed, INVALID, 422)
    school = asked.organization
    try:
        found = learners.find_pupil(
            organization=school, first_name=typed.first_name, last_name=typed.last_name, birth_date=typed.birth_date
        )
        kept = {
            "campaign": str(asked.uuid),
            "pupil": str(found.pupil),
            "first_name": found.first_name,
            "last_name": found.last_name,
        }
        if who is None:
            kept["username"] = learners.propose(organization=school, pupil=found.pupil)
        else:
            learners.joinable(organization=school, pupil=found.pupil, user=who.user)
    except learners.PupilNotFound:
        return join_page(request, asked, typed, UNKNOWN, 404)
    except learners.JoiningRefused as error:
        return refused(request, asked, error)
    request.session[KEPT] = kept
    if who is None:
        return go("app:register", asked)
    return redirect(f"{reverse('app:join', kwargs={'code': asked.code})}?{urlencode({'etape': 'confirmer'})}")


def _associate(request: HttpRequest, asked: Campaign, who: Person) -> HttpResponse:
    """Step 2: check again, and link."""
    kept = kept_match(request, asked)
    if kept is None:
        return go("app:join", asked)
    try:
        learners.link_pupil(user=who.user, organization=asked.organization, pupil=UUID(kept["pupil"]), at=clock.now())
    except learners.PupilNotFound:
        return join_page(request, asked, Identity(), UNKNOWN, 404)
    except learners.JoiningRefused as error:
        return refused(request, asked, error)
    request.session.pop(KEPT, None)
    return go("app:landing", asked)


def _register_page(
    request: HttpRequest,
    asked: Campaign,
    kept: dict[str, str],
    status: int = 200,
    *,
    error: str = "",
    password_error: str = "",
) -> HttpResponse:
    context = frame(
        request,
        asked=asked,
        kept=kept,
        error=_(error) if error else "",
        password_error=_(password_error) if password_error else "",
    )
    return render(request, "app/entry/register.html", context, status=status)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@campaign
def register(request: HttpRequest, asked: Campaign) -> HttpResponse:
    """The username that the server proposes and a password; the account, its link and the sign-in come together."""
    if who_is(request) is not None:
        return go("app:entrance", asked)
    kept = kept_match(request, asked)
    if kept is None or "username" not in kept:
        return go("app:join", asked)
    if request.method != "POST":
        return _register_page(request, asked, kept)
    if request.POST.get("username") != kept["username"]:
        return _register_page(request, asked, kept, 422, error=TAKEN)
    pupil, school = UUID(kept["pupil"]), asked.organization
    try:
        user = learners.register_pupil(
            organization=school,
            pupil=pupil,
            username=kept["username"],
            password=request.POST.get("password", ""),
            at=clock.now(),
        )
    except BadPassword as error:
        return _register_page(request, asked, kept, 422, password_error=str(error))
    except learners.UsernameTaken:
        # The next proposal is ready: reloading the page shows it too.
        try:
            kept = {**kept, "username": learners.propose(organization=school, pupil=pupil)}
        except learners.JoiningRefused as error:
            return refused(request, asked, error)
        request.session[KEPT] = kept
        return _register_page(request, asked, kept, 409, error=TAKEN)
    except learners.PupilNotFound:
        return join_page(request, asked, Identity(), UNKNOWN, 404)
    except learners.JoiningRefused as error:
        return refused(request, asked, error)
    request.session.pop(KEPT, None)
    login(request, user, backend=BACKEND)
    return go("app:landing", asked)
