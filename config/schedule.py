"""What runs by itself, and how often: cheap verbs, safe to run twice, at the same time, or late."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Regular:
    """A verb of the program and the least time between two of its runs in one worker."""

    every: timedelta
    run: Callable[[], Any]
    name: str


def regular_work() -> tuple[Regular, ...]:
    """The schedule. Each verb reads the state and does what the time that has passed asks for."""
    from pix.accounts import identities
    from pix.accounts.actions import sign_ins
    from pix.core import clock
    from pix.jobs import worker
    from pix.learners import actions as learners
    from pix.mailing import actions as mailing
    from pix.organizations import actions as organizations
    from pix.stewardship import actions as stewardship

    return (
        Regular(timedelta(hours=1), lambda: sign_ins.drop_expired(at=clock.real_now()), "accounts.expired_sign_ins"),
        Regular(timedelta(minutes=1), lambda: learners.sweep_imports(at=clock.now()), "learners.sweep_imports"),
        Regular(timedelta(minutes=5), lambda: learners.begin_night(at=clock.now()), "learners.certifiability_night"),
        Regular(timedelta(hours=1), lambda: mailing.send_again(at=clock.now()), "mailing.send_again"),
        Regular(timedelta(hours=6), lambda: mailing.forget_sent(at=clock.now()), "mailing.forget_sent"),
        Regular(timedelta(hours=1), lambda: learners.sweep_recoveries(at=clock.now()), "learners.sweep_recoveries"),
        Regular(timedelta(hours=6), lambda: organizations.sweep(at=clock.now()), "organizations.sweep"),
        Regular(timedelta(hours=6), worker.prune, "jobs.prune"),
        Regular(timedelta(hours=6), lambda: stewardship.drop_old_exports(at=clock.now()), "stewardship.old_exports"),
        Regular(
            timedelta(hours=6),
            lambda: identities.forget_spent_assertions(at=clock.real_now()),
            "accounts.forget_spent_assertions",
        ),
    )
