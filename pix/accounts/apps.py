"""Registration of the room with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "pix.accounts"
    label = "accounts"
