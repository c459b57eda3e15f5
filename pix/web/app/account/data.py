"""My data: a copy to download, and the end of the account."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pix.accounts.access import Person
from pix.accounts.queries import export_of
from pix.core import clock
from pix.stewardship import actions as stewardship
from pix.stewardship.queries import schools_of_pupil
from pix.web.app.account.views import check
from pix.web.app.frame import frame
from pix.web.app.guard import person

WORD = "SUPPRIMER"


@require_POST
@person
def ask(request: HttpRequest, actor: Person) -> HttpResponse:
    """The copy is written in the background."""
    stewardship.ask_export(user=actor.user, at=clock.now())
    messages.success(request, _("Votre copie se prépare. Elle sera sur cette page dans quelques instants."))
    return redirect("app:account")


@require_safe
@person
def download(request: HttpRequest, actor: Person, export: UUID) -> HttpResponse:
    """By its owner only."""
    found = export_of(actor.user)
    if found is None or found.uuid != export or found.ready_at is None:
        raise Http404
    if clock.now() - found.ready_at > stewardship.EXPORT_LIFE:
        raise Http404
    return FileResponse(default_storage.open(found.stored_name), as_attachment=True, filename="mes-donnees.zip")  # type: ignore[return-value]


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("current")
@person
def delete(request: HttpRequest, actor: Person) -> HttpResponse:
    """Explained, then a word to type and the password."""
    if request.method != "POST":
        return _page(request, actor)
    word_error = password_error = ""
    status = 422
    if request.POST.get("confirmation", "").strip().upper() != WORD:
        word_error = _("Tapez le mot {word} pour confirmer.").format(word=WORD)
    elif actor.user.has_usable_password():
        status, password_error = check(actor, request.POST.get("current", ""))
    if word_error or password_error:
        return _page(request, actor, status, word_error=word_error, password_error=password_error)
    try:
        stewardship.erase_person(user=actor.user, by=actor.user.uuid, at=clock.now())
    except stewardship.LastAdmin as alone:
        return _page(request, actor, 409, schools=[school.name for school in alone.schools])
    logout(request)
    messages.success(request, _("Votre compte est supprimé. Au revoir\u202f!"))
    return redirect("public:welcome")


def _page(
    request: HttpRequest,
    actor: Person,
    status: int = 200,
    *,
    word_error: str = "",
    password_error: str = "",
    schools: list[str] | None = None,
) -> HttpResponse:
    context = frame(
        request,
        word=WORD,
        word_error=word_error,
        password_error=password_error,
        alone=schools or [],
        kept_by=schools_of_pupil(actor.user),
        has_password=actor.user.has_usable_password(),
    )
    return render(request, "app/account/delete.html", context, status=status)
