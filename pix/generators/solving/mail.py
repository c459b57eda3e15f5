"""Solves MAIL: writes the messages that the goals describe, files and opens the others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """One goal ``sent``, read. ``subject`` and ``body``: ``True`` = not empty, words = each present, ``None`` = free."""

    unmet: Callable[[Message], list[str]]
    exact: Mapping[str, Sequence[str]] = field(default_factory=dict)
    hidden: Sequence[str] = ()
    subject: Any = None
    body: Any = None
    attachments: Sequence[str] | None = None
    reply_to: str | None = None
    forward_of: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """What the mailbox offers. ``contacts``: addresses, mine last; ``files``: names that « Joindre » offers."""

    inbox: Sequence[Mapping[str, Any]]
    contacts: Sequence[str]
    files: Sequence[str]
    tools: Sequence[str]
    begun: bool

    def named(self, message: str | None) -> Mapping[str, Any]:
        return next((entry for entry in self.inbox if entry["id"] == message), {})


def solve(sent: Sequence[Wish], count: int | None, filed: Mapping[str, str], box: Box) -> dict[str, Any] | None:
    """A final state; ``None`` when it takes a tool that is not given. ``count``: messages to send exactly, or ``None``."""
    posted = [_message([wish], box) for wish in sent]
    if count is not None and 0 < count < len(sent):
        posted = next(_shared(sent, count, box), posted)
    while count is not None and len(posted) < count:
        posted.append(dict(posted[-1]) if posted else _message([], box))
    used = {tool for message in posted for tool in _used(message, box)}
    if any(filed.get(entry["id"], entry["folder"]) != entry["folder"] for entry in box.inbox):
        used.add("folders")
    if box.begun and len(posted) == 1:
        used.discard("compose")
    if not used <= set(box.tools):
        return None
    return {
        "sent": posted,
        "draft": None,
        "where": {entry["id"]: filed.get(entry["id"], entry["folder"]) for entry in box.inbox},
        "read": [entry["id"] for entry in box.inbox],
    }


def _used(message: Message, box: Box) -> Iterator[str]:
    """The tools that write this message; a message is an answer or a transfer, never both."""
    if message["reply_to"] and message["forward_of"]:
        yield "both"
    yield "reply" if message["reply_to"] else "forward" if message["forward_of"] else "compose"
    if set(message["attachments"]) != set(_joined(box.named(message["forward_of"]))):
        yield "attach"


def _joined(message: Mapping[str, Any]) -> list[str]:
    return [file["name"] for file in message.get("attachments", ())]


def _shared(sent: Sequence[Wish], count: int, box: Box) -> Iterator[list[Message]]:
    """``count`` messages that fulfil all the wishes between them."""

    def shared(rank: int, groups: list[list[Wish]]) -> Iterator[list[list[Wish]]]:
        if rank == len(sent):
            yield groups
            return
        for at in range(min(count, len(groups) + 1)):
            group = [*(groups[at] if at < len(groups) else []), sent[rank]]
            message = _message(group, box)
            if not any(wish.unmet(message) for wish in group):
                yield from shared(rank + 1, [*groups[:at], group, *groups[at + 1 :]])

    for groups in shared(0, []):
        yield [_message(group, box) for group in groups]


def _message(wishes: Sequence[Wish], box: Box) -> Message:
    """One message for all these wishes; when they disagree, the last one wins and the check says so."""
    fields: dict[str, list[str]] = {}
    joined: list[str] | None = None
    links: dict[str, str | None] = {"reply_to": None, "forward_of": None}
    for wish in wishes:
        fields |= {name: list(dict.fromkeys(people)) for name, people in wish.exact.items()}
        joined = list(wish.attachments) if wish.attachments is not None else joined
        links["reply_to"] = wish.reply_to or links["reply_to"]
        links["forward_of"] = wish.forward_of or links["forward_of"]
    elsewhere = [name for name in joined or () if name not in box.files]
    if elsewhere and not any(links.values()):
        # A file that only a received message holds goes away with its transfer.
        links["forward_of"] = next(entry["id"] for entry in box.inbox if elsewhere[0] in _joined(entry))
    hidden = [address for wish in wishes for address in wish.hidden]
    if hidden:
        fields["bcc"] = list(dict.fromkeys([*fields.get("bcc", []), *hidden]))
    if not any(fields.values()):
        answered = box.named(links["reply_to"]).get("from")
        free = next((name for name in ("to", "cc", "bcc") if name not in fields), "to")
        fields[free] = [answered] if answered else list(box.contacts[:1])
    about = box.named(links["reply_to"] or links["forward_of"]).get("subject", "")
    prefix = "Re: " if links["reply_to"] else "Tr: " if links["forward_of"] else ""
    return {
        "to": fields.get("to", []),
        "cc": fields.get("cc", []),
        "bcc": fields.get("bcc", []),
        "subject": _text([wish.subject for wish in wishes], f"{prefix}{about or 'Message'}"),
        "body": _text([wish.body for wish in wishes], "Bonjour, voici mon message."),
        "attachments": _joined(box.named(links["forward_of"])) if joined is None else joined,
        **links,
    }


def _text(wanted: Sequence[Any], text: str) -> str:
    words = [word for listed in wanted if isinstance(listed, list) for word in listed]
    return " ".join([text, *dict.fromkeys(words)])
