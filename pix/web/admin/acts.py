"""The page of an act of the staff: what will happen, why, a word to type when it cannot be undone."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pix.stewardship.actions.support import REASON_LENGTH
from pix.web.admin.frame import frame


@dataclass
class ActPage:
    """One act: its words, what was typed, what is wrong. ``answer`` shows it; ``checked`` says whether it may go on."""

    request: HttpRequest
    active: str
    title: str
    subject: str
    """Whose account, which school."""
    back: str
    trail: list[dict[str, str]]
    button: str
    consequences: list[str] = field(default_factory=list)
    warning: str = ""
    kind: str = "primary"
    icon: str = "check"
    word: str = ""
    """To type, exactly, whatever its case."""
    checkbox: str = ""
    fields: list[dict[str, Any]] = field(default_factory=list)
    """More fields: ``name``, ``label``, and what ``forms.input`` takes."""
    hidden: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """By name of field; the empty name is for what no field can mend."""

    @property
    def reason(self) -> str:
        return self.request.POST.get("reason", "").strip()

    def checked(self) -> bool:
        """Whether the reason is there and the word is typed; says next to the field what is not."""
        if not self.reason:
            self.errors["reason"] = _("Indiquez la raison de cet acte.")
        elif len(self.reason) > REASON_LENGTH:
            self.errors["reason"] = _("La raison tient en {n} caractères au plus.").format(n=REASON_LENGTH)
        typed = self.request.POST.get("confirmation", "").strip().upper()
        if self.word and typed != self.word.upper():
            self.errors["confirmation"] = _("Écrivez {word} pour confirmer.").format(word=self.word)
        return not self.errors

    def answer(self, status: int = 200) -> HttpResponse:
        context = frame(
            self.active,
            act=self,
            breadcrumb=[*self.trail, {"label": self.title}],
            reason_length=REASON_LENGTH,
            typed_word=self.request.POST.get("confirmation", ""),
        )
        return render(self.request, "admin/act.html", context, status=status)

    def refused(self, status: int, sentence: str, name: str = "") -> HttpResponse:
        """Shown again with what was typed, and why it cannot be done."""
        self.errors[name] = sentence
        return self.answer(status)
