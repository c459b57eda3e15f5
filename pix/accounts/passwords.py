"""The password rule, handed to Django."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pix.accounts.rules import PASSWORD_RULE, is_good_password


class SchoolPasswordValidator:
    def validate(self, password: str, user: Any = None) -> None:
        if not is_good_password(password):
            raise ValidationError(_(PASSWORD_RULE), code="password_rule")

    def get_help_text(self) -> str:
        return _(PASSWORD_RULE)
