"""Registration of the room with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "pix.jobs"
    label = "jobs"
