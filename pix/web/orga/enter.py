"""``/orga/``: opens the space that this person opened last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from pix.organizations.queries import spaces_of


@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """The last space opened, else the first by name; without any, a clear refusal (schools 3.1)."""
    spaces = spaces_of(request.user)  # type: ignore[arg-type]
    if spaces:
        return redirect("orga:home", organization=spaces[0].uuid)
    return render(request, "orga/no_space.html", {}, status=403)
