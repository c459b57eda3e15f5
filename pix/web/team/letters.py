"""The words of the invitation mails; only a face knows the address of the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from pix.organizations.actions import Letter
from pix.organizations.queries import InvitationLink


def join_path(link: InvitationLink) -> str:
    """``/rejoindre?invitation=…&code=…``"""
    return f"{reverse('public:join')}?{urlencode({'invitation': str(link.uuid), 'code': link.code})}"


class Letters:
    """Writes the mail of each invitation for the site that this request came to."""

    def __init__(self, request: HttpRequest, template: str = "team/mails/invitation.txt", **facts: Any) -> None:
        self.request, self.template, self.facts = request, template, facts

    def __call__(self, link: InvitationLink) -> Letter:
        space = f"{settings.BRAND} {link.service.label}"
        text = render_to_string(
            self.template,
            {"link": link, "space": space, "address": self.request.build_absolute_uri(join_path(link)), **self.facts},
        )
        subject, _blank, body = text.partition("\n")
        return Letter(_("{space} - Ne pas répondre").format(space=space), subject, body.lstrip("\n"))


def activation_letters(request: HttpRequest, first_name: str, last_name: str) -> Letters:
    return Letters(request, "team/mails/activation.txt", applicant=f"{first_name} {last_name}")
