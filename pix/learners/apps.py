"""Registration of the room with Django."""

from django.apps import AppConfig


class LearnersConfig(AppConfig):
    name = "pix.learners"
    label = "learners"
