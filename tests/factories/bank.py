"""The shipped bank, compiled once and served to every test that plays: real questions, no stand-in."""

from functools import cache

from pix.content import compiler, releases, source
from pix.content.bank import Bank


@cache
def shipped() -> Bank:
    """The bank of this tree, faulty questions left out as the builder does with ``--lenient``."""
    from django.conf import settings

    from pix.content.check import check

    sources = source.read(settings.BANK_FOLDER)
    checked = check(sources)
    release = compiler.compile_release(sources, leave_out=frozenset(checked.faulty))
    return Bank(release, compiler.release_id(compiler.encode(release)))


def install() -> Bank:
    """Make it the process's current release."""
    bank = shipped()
    releases.install(bank)
    return bank
