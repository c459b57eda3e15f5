"""« Équipe »: members, invitations, roles, removal, departure. One set of pages for the two faces that have teams."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pix.core import clock
from pix.organizations import actions
from pix.organizations.access import CentreMember, Member
from pix.organizations.enums import InvitingProblem, Role, Service
from pix.organizations.queries import (
    Teammate,
    centres_of,
    count_pending,
    pending_invitations,
    spaces_of,
    team_of,
)
from pix.organizations.rules import addresses_in
from pix.web.team.letters import Letters

Actor = Member | CentreMember
PAGE = 10
LAST_ADMIN = "Cet espace doit garder au moins un administrateur."


class Frame(Protocol):
    def __call__(self, actor: Any, active: str, **context: Any) -> dict[str, Any]: ...


class TeamPages:
    """The views of one face: its door (``member``), its frame, and the name that its addresses give to the space."""

    def __init__(self, service: Service, param: str, member: Callable[..., Any], frame: Frame) -> None:
        self.service, self.param, self.member, self.frame = service, param, member, frame

    def urls(self) -> list[URLPattern]:
        safe, post, both = require_safe, require_POST, require_http_methods(["GET", "HEAD", "POST"])
        door = self.member
        return [
            path("equipe", safe(door(self.members)), name="team"),
            path("equipe/invitations", safe(door(self.invitations)), name="team-invitations"),
            path("equipe/inviter", both(door(self.invite)), name="team-invite"),
            path(
                "equipe/invitations/<uuid:invitation>/renvoyer", post(door(self.resend)), name="team-invitation-resend"
            ),
            path(
                "equipe/invitations/<uuid:invitation>/supprimer",
                post(door(self.cancel)),
                name="team-invitation-cancel",
            ),
            path("equipe/quitter", both(door(self.leave)), name="team-leave"),
            path("equipe/<uuid:person>/role", both(door(self.role)), name="team-role"),
            path("equipe/<uuid:person>/supprimer", both(door(self.remove)), name="team-remove"),
        ]

    # --- what the pages share

    def place(self, actor: Actor, name: str, **more: Any) -> str:
        kwargs = {self.param: str(actor.space.uuid), **{key: str(value) for key, value in more.items()}}
        return reverse(f"{self.service.value}:{name}", kwargs=kwargs)

    def page(
        self, request: HttpRequest, actor: Actor, template: str, status: int = 200, **context: Any
    ) -> HttpResponse:
        def place(name: str, **more: Any) -> str:
            return self.place(actor, name, **more)

        kept = self.frame(actor, "team", place=place, face=self.service.value, **context)
        return render(request, template, kept, status=status)

    def colleague(self, actor: Actor, person: UUID) -> Teammate:
        """Somebody of the team; 404 for anybody else, 403 for oneself: one's own line is not managed, it is left."""
        actor.must_be_admin()
        found = next((mate for mate in team_of(actor.space) if mate.uuid == person), None)
        if found is None:
            raise Http404
        if found.user_id == actor.user.pk:
            raise PermissionDenied("on ne gère pas sa propre ligne")
        return found

    # --- pages

    def members(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """The tab « Membres », ten to a page."""
        team = team_of(actor.space)
        admins = sum(mate.role is Role.ADMIN for mate in team)
        return self.page(
            request,
            actor,
            "team/members.html",
            page=Paginator(team, PAGE).get_page(request.GET.get("page")),
            team_count=len(team),
            invitation_count=count_pending(actor.space, clock.now()) if actor.is_admin else None,
            may_leave=not actor.is_admin or admins > 1,
        )

    def invitations(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """The tab « Invitations »: those that wait."""
        actor.must_be_admin()
        waiting = pending_invitations(actor.space, clock.now())
        lines = [
            {"uuid": one.uuid, "email": one.email, "sent": clock.paris(one.last_sent_at).strftime("%d/%m/%Y - %H:%M")}
            for one in waiting
        ]
        return self.page(
            request,
            actor,
            "team/invitations.html",
            lines=lines,
            team_count=len(team_of(actor.space)),
            invitation_count=len(lines),
        )

    def invite(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """A text area of addresses; nothing leaves while one of them is in the way."""
        actor.must_be_admin()
        if request.method != "POST":
            return self.page(request, actor, "team/invite.html", typed="", errors=[])
        typed = request.POST.get("emails", "")
        emails = addresses_in(typed)
        try:
            actions.invite(space=actor.space, emails=emails, by=actor.user, write=Letters(request), at=clock.now())
        except actions.InvitingRefused as refused:
            named: dict[InvitingProblem, list[str]] = {}
            for problem, email in refused.problems:
                named.setdefault(problem, []).extend([email] if email else [])
            errors = [
                f"{_(problem.message)} ({', '.join(which)})" if which else _(problem.message)
                for problem, which in named.items()
            ]
            status = refused.problems[0][0].status
            return self.page(request, actor, "team/invite.html", status, typed=typed, errors=errors)
        except actions.SpaceArchived:
            errors = [_("Quelque chose s'est mal passé. Veuillez réessayer.")]
            return self.page(request, actor, "team/invite.html", 422, typed=typed, errors=errors)
        if len(emails) == 1:
            text = _("Une invitation a bien été envoyée à l'adresse e-mail {email}.").format(email=emails[0])
        else:
            text = _("Une invitation a bien été envoyée aux adresses e-mails listées.")
        messages.success(request, text)
        return redirect(self.place(actor, "team-invitations"))

    def resend(self, request: HttpRequest, actor: Actor, invitation: UUID) -> HttpResponse:
        actor.must_be_admin()
        try:
            actions.resend(
                space=actor.space, invitation=invitation, by=actor.user, write=Letters(request), at=clock.now()
            )
        except actions.UnknownInvitation:
            raise Http404 from None
        except (actions.InvitationClosed, actions.SpaceArchived):
            return self._closed(request, actor)
        messages.success(request, _("L'invitation a bien été renvoyée."))
        return redirect(self.place(actor, "team-invitations"))

    def cancel(self, request: HttpRequest, actor: Actor, invitation: UUID) -> HttpResponse:
        actor.must_be_admin()
        try:
            actions.cancel(space=actor.space, invitation=invitation, by=actor.user, at=clock.now())
        except actions.UnknownInvitation:
            raise Http404 from None
        except actions.CannotCancel:
            return self._closed(request, actor)
        messages.success(request, _("L'invitation a bien été supprimée."))
        return redirect(self.place(actor, "team-invitations"))

    def _closed(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """Accepted or cancelled meanwhile by somebody else."""
        context = {
            "error_code": "422",
            "error_title": _("Cette invitation n'est plus en attente"),
            "error_text": _("Elle a été acceptée, supprimée ou elle a expiré entre-temps. La liste est à jour."),
            "error_actions": [{"label": _("Voir les invitations"), "href": self.place(actor, "team-invitations")}],
        }
        return render(request, "ui/error.html", context, status=422)

    def role(self, request: HttpRequest, actor: Actor, person: UUID) -> HttpResponse:
        """« Modifier le rôle »."""
        mate = self.colleague(actor, person)
        if request.method != "POST":
            return self.page(request, actor, "team/role.html", mate=mate, chosen=mate.role, error="")
        chosen = request.POST.get("role", "")
        if chosen not in set(Role):
            error = _("Une erreur est survenue lors de la modification du rôle du membre.")
            return self.page(request, actor, "team/role.html", 400, mate=mate, chosen=mate.role, error=error)
        try:
            actions.change_role(space=actor.space, person=person, role=Role(chosen), by=actor.user, at=clock.now())
        except actions.NotAMember:
            raise Http404 from None
        except actions.LastAdmin:
            return self.page(request, actor, "team/role.html", 409, mate=mate, chosen=chosen, error=_(LAST_ADMIN))
        messages.success(request, _("Le rôle a bien été changé."))
        return redirect(self.place(actor, "team"))

    def remove(self, request: HttpRequest, actor: Actor, person: UUID) -> HttpResponse:
        """« Supprimer », after a confirmation."""
        mate = self.colleague(actor, person)
        if request.method != "POST":
            return self.page(request, actor, "team/remove.html", mate=mate, error="")
        try:
            actions.remove(space=actor.space, person=person, by=actor.user, at=clock.now())
        except actions.NotAMember:
            raise Http404 from None
        except actions.LastAdmin:
            return self.page(request, actor, "team/remove.html", 409, mate=mate, error=_(LAST_ADMIN))
        text = _("{name} a été supprimé avec succès de votre équipe {space}.").format(
            name=mate.full_name, space=self._space_name()
        )
        messages.success(request, text)
        return redirect(self.place(actor, "team"))

    def leave(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """« Quitter cet espace »: the next of the person's spaces opens; without any, they are signed out."""
        if request.method != "POST":
            return self.page(request, actor, "team/leave.html", error="")
        try:
            actions.leave(space=actor.space, user=actor.user, at=clock.now())
        except actions.NotAMember:
            raise Http404 from None
        except actions.LastAdmin:
            return self.page(request, actor, "team/leave.html", 409, error=_(LAST_ADMIN))
        text = _("Vous avez quitté l'espace {space} de {name}.").format(space=self._space_name(), name=actor.space.name)
        others = spaces_of(actor.user) if self.service is Service.ORGA else centres_of(actor.user)
        if others:
            messages.success(request, text)
            return redirect(f"{self.service.value}:enter")
        logout(request)
        messages.success(request, text + " " + _("Vous êtes maintenant déconnecté."))
        return redirect("account_login")

    def _space_name(self) -> str:
        from django.conf import settings

        return f"{settings.BRAND} {self.service.label}"
