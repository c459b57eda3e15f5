"""« Établissements »: the list and its search, one school's sheet, its end, its return, its settings."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pix.accounts.access import Staff
from pix.core import clock
from pix.organizations import actions as organizations
from pix.stewardship.access import school_for
from pix.stewardship.actions import archive_school
from pix.stewardship.queries.schools import SchoolSheet, school_page, school_sheet
from pix.web.admin.acts import ActPage
from pix.web.admin.frame import frame
from pix.web.admin.guard import staff

WORD = "ARCHIVER"


@require_safe
@staff
def listing(request: HttpRequest, actor: Staff) -> HttpResponse:
    """All schools, open ones first; the search is in the address, as it names nobody."""
    text = request.GET.get("q", "").strip()[:100]
    page = school_page(text, request.GET.get("page"))
    return render(request, "admin/schools.html", frame("schools", page=page, text=text))


@require_safe
@staff
def show(request: HttpRequest, actor: Staff, school: UUID) -> HttpResponse:
    """One school's sheet."""
    sheet = school_sheet(school_for(actor, school), clock.now())
    trail = [{"label": _("Établissements"), "href": reverse("admin:schools")}, {"label": sheet.school.name}]
    return render(request, "admin/school.html", frame("schools", sheet=sheet, breadcrumb=trail))


def _page(request: HttpRequest, sheet: SchoolSheet) -> ActPage:
    school = sheet.school
    back = reverse("admin:school", kwargs={"school": school.uuid})
    trail = [{"label": _("Établissements"), "href": reverse("admin:schools")}, {"label": school.name, "href": back}]
    return ActPage(
        request, "schools", "", f"{school.name} ({school.uai})" if school.uai else school.name, back, trail, ""
    )


def _act(run: Callable[[HttpRequest, Staff, SchoolSheet, ActPage], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of act on a school, whose sheet is read first."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @staff
    def view(request: HttpRequest, actor: Staff, school: UUID) -> HttpResponse:
        sheet = school_sheet(school_for(actor, school), clock.now())
        return run(request, actor, sheet, _page(request, sheet))

    view.__name__ = run.__name__
    return view


@_act
def archive(request: HttpRequest, actor: Staff, sheet: SchoolSheet, page: ActPage) -> HttpResponse:
    """« Archiver », with a word to type."""
    page.title, page.button = _("Archiver l'établissement"), _("Archiver")
    page.kind, page.icon, page.word = "danger", "archive", WORD
    page.consequences = [
        _("Toute l'équipe perd l'accès à l'espace, administrateurs compris\u202f: {n} en tout.").format(
            n=sheet.members
        ),
        _("Les invitations en attente sont annulées\u202f: {n}.").format(n=sheet.pending),
        _("Les campagnes en cours sont archivées\u202f: {n}. Les résultats restent.").format(n=sheet.campaigns),
    ]
    if sheet.centre is not None:
        page.consequences.append(
            _(
                "Le centre de certification {name} reste ouvert, avec son équipe\u202f: ses sessions se terminent sans l'espace."
            ).format(name=sheet.centre.name)
        )
    already = _("Cet établissement était déjà archivé.")
    if sheet.archived:
        messages.info(request, already)
        return redirect(page.back)
    if request.method != "POST":
        return page.answer()
    if not page.checked():
        return page.answer(422)
    if archive_school(school=sheet.school, by=actor.user, reason=page.reason, at=clock.now()):
        messages.success(request, _("L'établissement est archivé."))
    else:
        messages.info(request, already)
    return redirect(page.back)


@_act
def reopen(request: HttpRequest, actor: Staff, sheet: SchoolSheet, page: ActPage) -> HttpResponse:
    """« Rouvrir »: an archive made by mistake, a school that opens again."""
    page.title, page.button, page.icon = _("Rouvrir l'établissement"), _("Rouvrir"), "undo"
    page.consequences = [
        _(
            "L'espace existe de nouveau, sans équipe\u202f: la direction y revient par «\u202fActivez ou récupérez votre espace\u202f»."
        ),
        _("Les campagnes restent archivées, les invitations restent annulées. La base élèves est comme avant."),
    ]
    if not sheet.mailbox:
        page.warning = _(
            "Cet établissement n'a pas de boîte fonctionnelle\u202f: indiquez-la avant que la direction n'active l'espace."
        )
    already = _("Cet établissement est déjà ouvert.")
    if not sheet.archived:
        messages.info(request, already)
        return redirect(page.back)
    if request.method != "POST":
        return page.answer()
    if not page.checked():
        return page.answer(422)
    if organizations.reopen_school(school=sheet.school, by=actor.user, reason=page.reason, at=clock.now()):
        messages.success(request, _("L'établissement est rouvert."))
    else:
        messages.info(request, already)
    return redirect(page.back)


@_act
def correct(request: HttpRequest, actor: Staff, sheet: SchoolSheet, page: ActPage) -> HttpResponse:
    """Functional mailbox, médiacentre, managed pupils; the mailbox present is never written out."""
    school, post = sheet.school, request.POST
    sent = request.method == "POST"
    email = post.get("email", "").strip()
    gar = "gar" in post if sent else school.uses_gar
    manages = "manages" in post if sent else school.manages_pupils
    page.title, page.button, page.icon = _("Corriger l'établissement"), _("Enregistrer"), "save"
    page.hidden = {"seen": post.get("seen", sheet.stamp)}
    page.consequences = [
        _("Boîte fonctionnelle actuelle\u202f: {mailbox}.").format(mailbox=sheet.mailbox or _("aucune")),
        _("Si elle change, l'ancienne en est prévenue et les liens d'activation qui y attendent sont annulés."),
    ]
    page.fields = [
        {
            "name": "email", "label": _("Nouvelle boîte fonctionnelle"), "value": email, "type": "email", "required": False,
            "help": _("Laissez vide pour garder l'adresse actuelle."), "maxlength": 254,
        },
        {
            "kind": "check", "name": "gar", "label": _("Les élèves viennent par le médiacentre (GAR)"), "checked": gar,
            "help": _("Change les conseils affichés et le lien direct des campagnes, rien d'autre."),
        },
        {
            "kind": "check", "name": "manages", "label": _("L'établissement importe ses élèves"), "checked": manages,
            "help": _("Ouvre l'import et réserve les campagnes aux élèves de la base."),
        },
    ]  # fmt: skip
    if not sent:
        return page.answer()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            page.errors["email"] = _("Écrivez une adresse complète, par exemple ce.0123456a@ac-exemple.fr.")
    if not page.checked():
        return page.answer(422)
    try:
        changed = organizations.correct_school(
            school=school, email=email or school.email, uses_gar=gar, manages_pupils=manages,
            seen=page.hidden["seen"], notice=_notice(request, school.name), by=actor.user, reason=page.reason, at=clock.now(),
        )  # fmt: skip
    except organizations.ChangedMeanwhile:
        page.hidden["seen"] = sheet.stamp
        sentence = _(
            "Quelqu'un d'autre vient de corriger cet établissement (boîte\u202f: {mailbox}\u202f; médiacentre\u202f: {gar}\u202f; import\u202f: {manages}). Vérifiez, puis enregistrez de nouveau si c'est toujours juste."
        ).format(mailbox=sheet.mailbox or _("aucune"), gar=_yes(school.uses_gar), manages=_yes(school.manages_pupils))
        return page.refused(409, sentence)
    except organizations.NotManaging:
        return page.refused(422, _("Seul un établissement scolaire (SCO) importe ses élèves."), "manages")
    if changed:
        messages.success(request, _("L'établissement est corrigé."))
    else:
        messages.info(request, _("Rien n'a changé."))
    return redirect(page.back)


def _yes(value: bool) -> str:
    return _("oui") if value else _("non")


def _notice(request: HttpRequest, name: str) -> tuple[str, str]:
    """What the former mailbox is told."""
    address = request.build_absolute_uri(reverse("public:contact"))
    words = render_to_string("admin/mails/mailbox.txt", {"brand": settings.BRAND, "name": name, "address": address})
    subject, _blank, text = words.partition("\n")
    return subject, text.lstrip("\n")
