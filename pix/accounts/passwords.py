"""The password rule and the keys of « mot de passe oublié », handed to Django."""

from datetime import datetime
from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pix.accounts.rules import PASSWORD_RULE, is_good_password
from pix.core import clock


class SchoolPasswordValidator:
    def validate(self, password: str, user: Any = None) -> None:
        if not is_good_password(password):
            raise ValidationError(_(PASSWORD_RULE), code="password_rule")

    def get_help_text(self) -> str:
        return _(PASSWORD_RULE)


class ResetKeys(PasswordResetTokenGenerator):
    """Keys that live one day and open once: the password that they change is part of them. Nothing is stored."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{user.pk}{user.password}{user.email}{timestamp}"

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)
