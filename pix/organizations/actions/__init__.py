"""Writes on schools, centres and teams."""

from pix.organizations.actions.activation import Activation, TooManyRequests, activate, handle_request, sweep
from pix.organizations.actions.invitations import (
    CannotCancel,
    InvitationClosed,
    InvitingRefused,
    Joined,
    Letter,
    Registered,
    SpaceArchived,
    UnknownInvitation,
    accept,
    cancel,
    invite,
    register,
    resend,
)
from pix.organizations.actions.schools import close_school, open_centre, open_school, remember_centre, remember_space
from pix.organizations.actions.team import LastAdmin, NotAMember, add_member, change_role, leave, remove

__all__ = [
    "Activation",
    "CannotCancel",
    "InvitationClosed",
    "InvitingRefused",
    "Joined",
    "LastAdmin",
    "Letter",
    "NotAMember",
    "Registered",
    "SpaceArchived",
    "TooManyRequests",
    "UnknownInvitation",
    "accept",
    "activate",
    "add_member",
    "cancel",
    "change_role",
    "close_school",
    "handle_request",
    "invite",
    "leave",
    "open_centre",
    "open_school",
    "register",
    "remember_centre",
    "remember_space",
    "remove",
    "resend",
    "sweep",
]
