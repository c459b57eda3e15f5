"""Argon2id at 19 MiB, two passes, one lane: a class of thirty signs in within a second on a small server."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
