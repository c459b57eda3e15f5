"""Reads on accounts."""

from pix.accounts.models import User


def username_taken(username: str) -> bool:
    return User.objects.filter(username__iexact=username).exists()


def user_by_login(login: str) -> User | None:
    """The account of an e-mail address or a username, whatever the case."""
    from django.db.models import Q

    return User.objects.filter(Q(email__iexact=login) | Q(username__iexact=login), is_active=True).first()
