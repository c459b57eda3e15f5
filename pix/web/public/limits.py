"""Wrong passwords counted by address, so that one machine cannot try one password on every account.

Wide enough for a school: two hundred pupils behind one address sign in within two minutes, each with a slip of the
finger. Right passwords are not counted. The count lives in the cache: by process, unless the instance shares one.
"""

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from django.core.cache import cache
from django.http import HttpRequest

FAILURES, WINDOW = 400, 600
"""Wrong passwords from one address, in this many seconds."""


def _key(request: HttpRequest) -> str:
    return f"wrong-passwords:{truncate_ip(get_adapter().get_client_ip(request))}"


def too_many(request: HttpRequest) -> bool:
    return int(cache.get(_key(request), 0)) >= FAILURES


def count(request: HttpRequest) -> None:
    key = _key(request)
    cache.add(key, 0, WINDOW)
    try:
        cache.incr(key)
    except ValueError:
        # The window ended between the two lines.
        cache.add(key, 1, WINDOW)
