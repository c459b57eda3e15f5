"""Registration of the room with Django."""

from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "pix.mailing"
    label = "mailing"
