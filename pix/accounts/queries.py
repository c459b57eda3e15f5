"""Reads on accounts."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from pix.accounts.models import User


def username_taken(username: str) -> bool:
    return User.objects.filter(username__iexact=username).exists()


def of_login(login: str) -> QuerySet[User]:
    """The account of an e-mail address or a username, whatever the case, open or closed; through the two indexes."""
    typed = login.strip().lower()
    return User.objects.filter(Q(Exact(Lower("email"), typed)) | Q(Exact(Lower("username"), typed)))


def user_by_login(login: str) -> User | None:
    """The open account of an e-mail address or a username, whatever the case."""
    return of_login(login).filter(is_active=True).first()
