"""Pages of a school's campaigns: one function an address; each asks one domain call and shows its answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from pix.campaigns import exports
from pix.campaigns.access import orga as doors
from pix.campaigns.actions import manage
from pix.campaigns.enums import CampaignType, Mode, Status
from pix.campaigns.queries import journeys, orga
from pix.campaigns.queries.sets import Filters
from pix.campaigns.rules import CampaignRefused, copy_name, stage_bounds, stages_of
from pix.core import clock
from pix.core.ids import uuid7
from pix.documents import qr
from pix.learners.access import may_import
from pix.learners.queries import Banner, notice_of
from pix.organizations.access import Member
from pix.organizations.queries import team_of
from pix.web.orga.campaigns import forms
from pix.web.orga.guard import frame, member

STATUS_KINDS = {Status.STARTED: "progress", Status.TO_SHARE: "send", Status.SHARED: "success"}


def _place(actor: Member, **more: Any) -> dict[str, str]:
    return {"organization": str(actor.organization.uuid), **{key: str(value) for key, value in more.items()}}


def _crumbs(actor: Member, *more: tuple[str, str]) -> list[dict[str, str]]:
    first = {"label": _("Campagnes"), "href": reverse("orga:campaigns", kwargs=_place(actor))}
    return [first, *({"label": label, "href": href} for label, href in more)]


@require_safe
@member
def campaigns(request: HttpRequest, actor: Member) -> HttpResponse:
    """« Mes campagnes » and « Toutes les campagnes »."""
    filters = forms.list_of(request.GET)
    found = orga.campaigns_of(actor.organization, actor.user, filters, request.GET.get("page", "1"))
    here = reverse("orga:campaigns", kwargs=_place(actor))
    notice = notice_of(actor.organization, clock.now())
    more = {"banner": _import_banner(actor, notice.banner), "new_year": notice.new_year and may_import(actor)}
    context = frame(actor, "campaigns", found=found, filters=filters, here=here, **more)
    return render(request, "orga/campaigns/list.html", context)


def _import_banner(actor: Member, found: Banner | None) -> dict[str, str] | None:
    """The same short banner as on « Élèves »: where the last import stands (schools 4.2)."""
    if found is None:
        return None
    told = {"kind": found.kind, "text": _(found.text) if found.text.endswith(".") else f"{_(found.text)}."}
    if found.link and actor.is_admin:
        told |= {"href": reverse("orga:import", kwargs=_place(actor)), "link_label": _(found.link).capitalize()}
    return told


# --- creation and parcours ---


@require_http_methods(["GET", "HEAD", "POST"])
@member
def create(request: HttpRequest, actor: Member) -> HttpResponse:
    """The creation form. ``etape=apercu`` only shows the list and the chosen parcours again: nothing is written."""
    team = team_of(actor.organization)
    if request.method != "POST":
        initial = {"uuid": uuid7(), "type": CampaignType.ASSESSMENT.value, "owner": actor.user.pk}
        form = forms.NewCampaign(team=team, initial=initial | _model(request, actor))
        return _creation(request, actor, form)
    form = forms.NewCampaign(request.POST, team=team)
    if request.POST.get("etape") == "apercu":
        # Not validated: half a form is not a mistake.
        return _creation(request, actor, forms.NewCampaign(team=team, initial=request.POST.dict()))
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = manage.create_campaign(
                organization=actor.organization,
                by=actor.user,
                name=data["name"],
                type=data["type"],
                journey=data["journey"],
                title=data["title"],
                landing_text=data["landing_text"],
                multiple_sending=data["multiple_sending"],
                mode=data["mode"],
                owner=data["owner"],
                uuid=data["uuid"],
                at=clock.now(),
            )
        except CampaignRefused as refused:
            form.refuse(refused.problems)
        else:
            messages.success(request, _("La campagne est désormais créée !"))
            return redirect(reverse("orga:campaign", kwargs=_place(actor, campaign=made.uuid)))
    return _creation(request, actor, form, status=422)


def _model(request: HttpRequest, actor: Member) -> dict[str, Any]:
    """What « Dupliquer » fills in, from the campaign named in the address."""
    try:
        uuid = UUID(request.GET.get("modele", ""))
    except ValueError:
        return {}
    model = doors.campaign_of(actor, uuid)
    return {
        "name": copy_name(model.name),
        "journey": model.journey_code,
        "title": model.title,
        "landing_text": model.landing_text,
        "multiple_sending": "oui" if model.multiple_sending else "non",
        "mode": model.mode,
    }


def _creation(request: HttpRequest, actor: Member, form: forms.NewCampaign, status: int = 200) -> HttpResponse:
    chosen = form.given("journey")
    choices = journeys.journeys(form.given("category"), form.given("search"))
    if chosen and chosen not in {choice.code for choice in choices}:
        # The list is narrowed, the choice already made is kept.
        choices = [choice for choice in journeys.journeys() if choice.code == chosen] + choices
    grouped: dict[str, list[dict[str, Any]]] = {}
    for choice in choices:
        label = choice.name if choice.playable else _("{name} (à venir)").format(name=choice.name)
        grouped.setdefault(choice.category, []).append(
            {"value": choice.code, "label": label, "disabled": not choice.playable}
        )
    context = frame(
        actor,
        "campaigns",
        form=form,
        options=[{"group": category, "options": own} for category, own in grouped.items()],
        number=len(choices),
        categories=[{"value": name, "label": name} for name in journeys.categories()],
        chosen=journeys.summary(chosen) if chosen else None,
        modes=[{"value": mode.value, "label": mode.value.capitalize()} for mode in Mode if mode],
        breadcrumb=_crumbs(actor, (_("Création d'une campagne"), "")),
        here=reverse("orga:campaign-new", kwargs=_place(actor)),
    )
    return render(request, "orga/campaigns/create.html", context, status=status)


@require_safe
@member
def journey(request: HttpRequest, actor: Member, code: str) -> HttpResponse:
    """What a parcours holds: sujets, competences, levels, devices."""
    found = journeys.page(code)
    if found is None:
        raise Http404
    stages = found.summary.stages
    bounds = stage_bounds([stage.threshold for stage in stages])
    crumbs = _crumbs(
        actor,
        (_("Création d'une campagne"), reverse("orga:campaign-new", kwargs=_place(actor))),
        (found.summary.name, ""),
    )
    context = frame(actor, "campaigns", found=found, stages=list(zip(stages, bounds, strict=True)), breadcrumb=crumbs)
    return render(request, "orga/campaigns/journey.html", context)


# --- one campaign ---


def _campaign_frame(
    request: HttpRequest, actor: Member, campaign: Any, tab: str, received: int, **context: Any
) -> dict[str, Any]:
    """Header, tabs and code, the same on every page of a campaign."""
    place = _place(actor, campaign=campaign.uuid)
    tabs = [
        ("activity", _("Activité"), "orga:campaign", None),
        ("results", _("Résultats"), "orga:campaign-results", received),
        ("settings", _("Paramètres"), "orga:campaign-settings", None),
    ]
    crumbs = _crumbs(actor, (campaign.name, reverse("orga:campaign", kwargs=place)))
    values = {
        "campaign": campaign,
        "place": place,
        "may_edit": doors.may_edit(actor, campaign),
        "link": _direct_link(request, actor, campaign),
        "tabs": [
            {"label": label, "href": reverse(name, kwargs=place), "active": key == tab, "count": count}
            for key, label, name, count in tabs
        ],
        "breadcrumb": crumbs,
        "kinds": STATUS_KINDS,
    }
    return frame(actor, "campaigns", **(values | context))


def _direct_link(request: HttpRequest, actor: Member, campaign: Any) -> str:
    """Only where there is no GAR: elsewhere pupils come by the médiacentre (learning 5.4)."""
    if actor.organization.uses_gar:
        return ""
    return request.build_absolute_uri(reverse("app:entrance", kwargs={"code": campaign.code}))


def _qr(link: str) -> Markup:
    if not link:
        return Markup()
    return Markup(qr.svg(link, _("Code QR du lien direct")))  # noqa: S704 - drawn by our own library from our own link


@require_safe
@member
def activity(request: HttpRequest, actor: Member, campaign: UUID) -> HttpResponse:
    """« Activité »: cards, curves, statuses, list of participants."""
    asked = doors.campaign_of(actor, campaign)
    view = forms.view_of(request.GET)
    found = orga.activity(
        asked,
        Filters(view.filters.classes, view.filters.status, (), view.filters.search),
        page=view.page,
        size=view.size,
        sort=view.sort,
    )
    link = _direct_link(request, actor, asked)
    context = _campaign_frame(
        request,
        actor,
        asked,
        "activity",
        found.received,
        found=found,
        view=view,
        sizes=orga.SIZES,
        statuses=list(Status),
        qr=_qr(link),
    )
    return render(request, "orga/campaigns/activity.html", context)


@require_safe
@member
def results(request: HttpRequest, actor: Member, campaign: UUID) -> HttpResponse:
    """« Résultats »: mean, distribution by stage, list of what was sent."""
    asked = doors.campaign_of(actor, campaign)
    view = forms.view_of(request.GET, with_status=False)
    found = orga.results(asked, view.filters, page=view.page, size=view.size, sort=view.sort)
    keys = [
        {"label": f"{stage.title} ({share.start}–{share.end} %)", "value": stage.reading_key}
        for stage, share in zip(found.stages, found.shares, strict=False)
    ]
    context = _campaign_frame(
        request,
        actor,
        asked,
        "results",
        found.received,
        found=found,
        view=view,
        sizes=orga.SIZES,
        level=asked.rules.get("level", ""),
        stage_keys=keys,
    )
    return render(request, "orga/campaigns/results.html", context)


@require_safe
@member
def participant(request: HttpRequest, actor: Member, campaign: UUID, participation: UUID) -> HttpResponse:
    """One participation of one pupil."""
    asked = doors.campaign_of(actor, campaign)
    found = orga.participant(asked, doors.participation_in(asked, participation))
    tab = "results" if found.shared_at else "activity"
    context = _campaign_frame(request, actor, asked, tab, found.received, found=found)
    context["breadcrumb"] = [*context["breadcrumb"], {"label": f"{found.first_name} {found.last_name}", "href": ""}]
    return render(request, "orga/campaigns/participant.html", context)


@require_safe
@member
def settings(request: HttpRequest, actor: Member, campaign: UUID) -> HttpResponse:
    """« Paramètres »: the code, what was chosen, the rules in force."""
    asked = doors.campaign_of(actor, campaign)
    link = _direct_link(request, actor, asked)
    days, rest = divmod(asked.rules.get("replay_delay_seconds", 0), 24 * 3600)
    context = _campaign_frame(
        request,
        actor,
        asked,
        "settings",
        orga.received_count(asked),
        qr=_qr(link),
        type_label=CampaignType(asked.type).label,
        stages=stages_of(asked.rules),
        delay=_("{n} jours").format(n=days) if not rest else _("{n} heures").format(n=days * 24 + rest // 3600),
        # The parcours may have left the bank since: its page is then not offered.
        known_journey=journeys.summary(asked.journey_code) is not None,
    )
    return render(request, "orga/campaigns/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def edit(request: HttpRequest, actor: Member, campaign: UUID) -> HttpResponse:
    """« Modifier »: name, title, landing text, owner."""
    asked = doors.editable_campaign(actor, campaign)
    team = team_of(actor.organization)
    initial = {"name": asked.name, "title": asked.title, "landing_text": asked.landing_text, "owner": asked.owner_id}
    form = forms.CampaignTexts(request.POST if request.method == "POST" else None, team=team, initial=initial)
    if asked.owner_id not in {mate.user_id for mate in team}:
        form.keep_owner(asked.owner_id, asked.owner.full_name)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                manage.edit_campaign(
                    campaign=asked,
                    name=data["name"],
                    title=data["title"],
                    landing_text=data["landing_text"],
                    owner=data["owner"] or asked.owner_id,
                    by=actor.user,
                    at=clock.now(),
                )
            except CampaignRefused as refused:
                form.refuse(refused.problems)
            else:
                messages.success(request, _("Les modifications ont bien été enregistrées."))
                return redirect(reverse("orga:campaign-settings", kwargs=_place(actor, campaign=asked.uuid)))
    place = _place(actor, campaign=asked.uuid)
    back = reverse("orga:campaign-settings", kwargs=place)
    crumbs = _crumbs(actor, (asked.name, back), (_("Modifier"), ""))
    context = frame(actor, "campaigns", form=form, campaign=asked, back=back, breadcrumb=crumbs)
    return render(request, "orga/campaigns/edit.html", context, status=status)


@require_POST
@member
def archive(request: HttpRequest, actor: Member, campaign: UUID) -> HttpResponse:
    """« Archiver » and « Désarchiver la campagne » (``sens=ouvrir``)."""
    asked = doors.editable_campaign(actor, campaign)
    if request.POST.get("sens") == "ouvrir":
        manage.unarchive_campaign(campaign=asked, by=actor.user, at=clock.now())
        messages.success(request, _("La campagne n'est plus archivée : son code fonctionne de nouveau."))
    else:
        manage.archive_campaign(campaign=asked, by=actor.user, at=clock.now())
        messages.success(request, _("La campagne est archivée. Ses résultats restent consultables."))
    return redirect(reverse("orga:campaign-settings", kwargs=_place(actor, campaign=asked.uuid)))


@require_safe
@member
def code(request: HttpRequest, actor: Member, campaign: UUID) -> HttpResponse:
    """The code alone, for the classroom's wall."""
    asked = doors.campaign_of(actor, campaign)
    context = {
        "code": asked.code,
        "project_title": asked.title or asked.name,
        "address": _("votre médiacentre (ENT)") if actor.organization.uses_gar else request.get_host(),
        "qr": _qr(_direct_link(request, actor, asked)),
        "organization": actor.organization,
        "back_href": reverse("orga:campaign-settings", kwargs=_place(actor, campaign=asked.uuid)),
    }
    return render(request, "ui/projector.html", context)


@require_safe
@member
def export(request: HttpRequest, actor: Member, campaign: UUID, format: str) -> HttpResponse:
    """The file of the results, built whole before the first byte leaves; the filters of the address hold."""
    asked = doors.campaign_of(actor, campaign)
    if format not in exports.FORMATS:
        raise Http404
    made = exports.results_file(asked, format, filters=forms.view_of(request.GET).filters, at=clock.now())
    response = FileResponse(made.stream, content_type=made.content_type)
    response.headers["Content-Disposition"] = made.disposition
    return response  # type: ignore[return-value]
