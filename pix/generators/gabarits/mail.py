"""MAIL: Plume, a mailbox: who gets the message in which field, what is joined, where messages are filed."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from pix.core.texts import match_key, search_key
from pix.generators import states, world
from pix.generators.contract import BadParams, Draw
from pix.generators.params import Reader, goals
from pix.generators.solving import mail as solving
from pix.generators.states import Malformed

TOOLS = ("compose", "reply", "forward", "folders", "attach")
VERBS = ("sent", "sent_count", "filed", "not_sent", "read")
INBOX, SENT, BIN, SPAM = "Boîte de réception", "Envoyés", "Corbeille", "Indésirables"
_FIELDS = {"to": "À", "cc": "Cc", "bcc": "Cci"}
MAX_SENT = 50


class _Directory:
    """People of the question: by contact id, ``me``, ``@group``, ``@group:2`` (drawn) or raw address."""

    def __init__(self, reader: Reader, rng: random.Random) -> None:
        self.rng = rng
        self.people: dict[str, world.Person] = {}
        self.groups: dict[str, tuple[str, list[str]]] = {}
        spare = world.people(rng, 60)
        teachers = world.people(rng, 12, "college-lumiere.test", titles=True)
        me = reader.sub("me") if reader.has("me") else Reader({}, "MAIL.me", rng)
        self.people["me"] = self._person(me, spare)
        for entry in reader.subs("contacts", lone="id"):
            self.people[entry.text("id")] = self._person(
                entry, teachers if entry.text("id") == "prof" else spare, skip_id=True
            )
        self.contacts = [key for key in self.people if key != "me"]
        for entry in reader.subs("groups"):
            key, label = entry.text("id"), entry.text("label", "")
            if entry.has("members"):
                members = entry.texts("members")
                for member in members:
                    if member not in self.people:
                        raise entry.fail("members", f"no contact {member!r}")
            else:
                members = []
                for rank in range(entry.whole("count", None, 1, 40)):
                    members.append(f"{key}.{rank}")
                    self.people[members[-1]] = spare.pop()
            entry.done()
            self.groups[key] = (label or key, members)

    @staticmethod
    def _person(entry: Reader, pool: list[world.Person], skip_id: bool = False) -> world.Person:
        if skip_id:
            entry.text("id")
        drawn = pool.pop()
        name = entry.text("name", drawn.name)
        default = (
            drawn.address
            if name == drawn.name
            else f"{'.'.join(filter(None, map(match_key, name.split())))}@plume.test"
        )
        address = entry.text("address", default)
        entry.done()
        return world.Person(name, address.lower())

    def addresses(self, names: list[str], where: str) -> list[str]:
        found: list[str] = []
        for name in names:
            if name.startswith("@"):
                key, _, count = name[1:].partition(":")
                if key not in self.groups:
                    raise BadParams(f"{where}: no group {name!r}")
                members = self.groups[key][1]
                if count:
                    members = self.rng.sample(members, min(len(members), int(count) if count.isdecimal() else 1))
                found += [self.people[member].address for member in members]
            elif name in self.people:
                found.append(self.people[name].address)
            elif "@" in name:
                found.append(name.lower())
            else:
                raise BadParams(f"{where}: no contact {name!r}")
        return found


def _files(reader: Reader, key: str, rng: random.Random) -> list[dict[str, Any]]:
    found = []
    for entry in reader.subs(key, lone="name"):
        found.append({"name": entry.text("name"), "size": entry.whole("size", rng.randint(40, 900))})
        entry.done()
    return found


@dataclass(slots=True)
class _Plan:
    """What the goals ask, gathered to solve them."""

    sent: list[solving.Wish] = default(default_factory=list)
    count: int | None = None
    filed: dict[str, str] = default(default_factory=dict)


Sent = dict[str, Any]
Box = tuple[list[Sent], dict[str, str], set[str]]


def _words(reader: Reader, key: str) -> tuple[Callable[[str], bool], Any]:
    """The test and what it wants: ``true`` = not empty; texts = each present, accents and case ignored; absent = free."""
    if not reader.has(key):
        return lambda _: True, None
    value = reader.raw(key)
    if value is True or (isinstance(value, str) and value in ("true", "oui")):
        return lambda text: bool(text.strip()), True
    texts = reader.texts(key, None)
    wanted = [search_key(word) for word in texts]
    return lambda text: all(word in search_key(text) for word in wanted), texts


def _sent_goal(reader: Reader, people: _Directory, messages: set[str], files: set[str]) -> solving.Wish:
    exact: dict[str, list[str]] = {}
    for field in _FIELDS:
        if reader.has(field):
            exact[field] = people.addresses(reader.texts(field), reader.where)
    hidden = set(people.addresses(reader.texts("hidden"), reader.where))
    (subject, subject_words), (body, body_words) = _words(reader, "subject"), _words(reader, "body")
    banned = [re.compile(rf"\b{re.escape(search_key(word))}\b") for word in reader.texts("without")]
    joined = set(reader.texts("attachments")) if reader.has("attachments") else None
    if joined and not joined <= files:
        raise reader.fail("attachments", "a file that « Joindre » does not offer")
    links = {}
    for key in ("reply_to", "forward_of"):
        if reader.has(key):
            links[key] = reader.text(key)
            if links[key] not in messages:
                raise reader.fail(key, f"no message {links[key]!r}")
    reader.done()

    def unmet(message: Sent) -> list[str]:
        found = []
        for field, wanted in exact.items():
            if set(message[field]) != set(wanted):
                found.append(f"Le champ « {_FIELDS[field]} » n'a pas les bons destinataires.")
        seen = set(message["to"]) | set(message["cc"])
        if hidden and (seen & hidden or not hidden <= set(message["bcc"])):
            found.append("Des adresses qui devaient rester cachées sont visibles, ou manquent en Cci.")
        if not subject(message["subject"]):
            found.append("L'objet manque ou ne dit pas de quoi il s'agit.")
        if not body(message["body"]):
            found.append("Le texte du message manque ou est incomplet.")
        if any(word.search(search_key(message["body"])) for word in banned):
            found.append("Il reste dans le message un mot qui ne convient pas.")
        if joined is not None and set(message["attachments"]) != joined:
            found.append("Les pièces jointes ne sont pas celles qui sont demandées.")
        if "reply_to" in links and message["reply_to"] != links["reply_to"]:
            found.append("Ce n'est pas une réponse au bon message.")
        if "forward_of" in links and message["forward_of"] != links["forward_of"]:
            found.append("Ce n'est pas le bon message qui est transféré.")
        return found

    return solving.Wish(
        unmet, exact, sorted(hidden), subject_words, body_words, None if joined is None else sorted(joined),
        links.get("reply_to"), links.get("forward_of"),
    )  # fmt: skip


def _goal(
    verb: str, reader: Reader, people: _Directory, messages: set[str], files: set[str], folders: list[str], plan: _Plan
) -> Callable[[Box], list[str]]:
    if verb == "sent":
        wish = _sent_goal(reader.sub(verb), people, messages, files)
        one = wish.unmet
        plan.sent.append(wish)

        def sent(box: Box) -> list[str]:
            if not box[0]:
                return ["Le message n'est pas envoyé."]
            return min((one(message) for message in box[0]), key=len)

        return sent
    if verb == "sent_count":
        count = plan.count = reader.whole(verb, None)
        return lambda box: (
            [] if len(box[0]) == count else [f"Il fallait envoyer {count} message{'s' if count > 1 else ''}."]
        )
    if verb == "not_sent":
        reader.boolean(verb)
        return lambda box: ["Rien ne devait partir de ta boîte."] if box[0] else []
    if verb == "read":
        wanted = reader.text(verb)
        if wanted not in messages:
            raise reader.fail(verb, f"no message {wanted!r}")
        return lambda box: [] if wanted in box[2] else ["Le message n'est pas ouvert."]
    detail = reader.sub(verb)
    ids, folder = detail.texts("message", None), detail.text("folder")
    detail.done()
    if folder not in folders or not set(ids) <= messages:
        raise detail.fail("folder", f"no such folder or message: {folder!r}, {ids}")
    plan.filed |= dict.fromkeys(ids, folder)
    return lambda box: [] if all(box[1][i] == folder for i in ids) else [f"Un message n'est pas dans « {folder} »."]


def _read_message(raw: Any, messages: set[str], files: set[str]) -> Sent:
    entry = states.mapping(raw, "Un message")
    message: Sent = {
        field: [a.strip().lower() for a in states.texts(entry.get(field), "Un destinataire", 200)] for field in _FIELDS
    }
    message["subject"] = states.text(entry.get("subject"), "L'objet", 500)
    message["body"] = states.text(entry.get("body"), "Le message")
    message["attachments"] = states.texts(entry.get("attachments"), "Une pièce jointe", 50)
    for key in ("reply_to", "forward_of"):
        message[key] = states.text_or_none(entry.get(key))
        if message[key] is not None and message[key] not in messages:
            raise Malformed("Le message d'origine est inconnu.")
    if not set(message["attachments"]) <= files:
        raise Malformed("Une pièce jointe est inconnue.")
    return message


_FILLER = (
    ("Réunion du club photo", "Bonjour, la réunion du club photo aura lieu au CDI."),
    ("Objets trouvés", "Bonjour, un bonnet gris attend à la loge."),
    ("Atelier échecs", "Bonjour, l'atelier échecs reprend la semaine prochaine."),
    ("Menu de la cantine", "Bonjour, le menu de la semaine est affiché dans le hall."),
    ("Salle changée", "Bonjour, le cours aura lieu au premier étage."),
    ("Collecte de piles", "Bonjour, la boîte de collecte est près de la porte."),
    ("Chorale", "Bonjour, pensez à vos partitions."),
    ("Nouveaux livres", "Bonjour, de nouveaux romans sont arrivés à La Passerelle."),
    ("Tournoi d'awalé", "Bonjour, les inscriptions se font à l'accueil."),
    ("Jardin du collège", "Bonjour, les radis sont prêts à être récoltés."),
    ("Prêt de vélos", "Bonjour, les vélos sont révisés."),
    ("Heure du conte", "Bonjour, l'heure du conte est ouverte à tous."),
)
"""Messages that no question is about: subject, text."""


def _filled(
    rng: random.Random, inbox: list[dict[str, Any]], count: int, people: list[str], me: str
) -> list[dict[str, Any]]:
    """The messages of the question among ``count`` others, the newest first as in any mailbox."""
    if not count:
        return inbox
    others = []
    for rank in range(count):
        subject, body = _FILLER[rank % len(_FILLER)]
        others.append(
            {
                "id": f"autre{rank + 1}", "from": rng.choice(people), "to": [me], "cc": [], "subject": subject,
                "date": world.iso_date(rng, (2026, 2026)), "body": body, "attachments": [], "unread": False, "folder": INBOX,
            }
        )  # fmt: skip
    return sorted([*inbox, *others], key=lambda entry: (entry["date"], entry["id"]), reverse=True)


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Goals and their meaning: docs/gabarits.md, MAIL."""
    reader = Reader(params, "MAIL", rng)
    people = _Directory(reader, rng)
    folders = [INBOX, SENT, *reader.texts("folders"), SPAM, BIN]
    if len(folders) != len(set(folders)):
        raise reader.fail("folders", "a folder appears twice")
    files = _files(reader, "files", rng)
    inbox: list[dict[str, Any]] = []
    for entry in reader.subs("inbox"):
        inbox.append(
            {
                "id": entry.text("id"),
                "from": people.addresses([entry.text("from")], entry.where)[0],
                "to": people.addresses(entry.texts("to", ["me"]), entry.where),
                "cc": people.addresses(entry.texts("cc"), entry.where),
                "subject": entry.text("subject", ""),
                "date": entry.text("date", world.iso_date(rng, (2026, 2026))),
                "body": entry.text("body", ""),
                "attachments": _files(entry, "attachments", rng),
                "unread": entry.boolean("unread", True),
                "folder": entry.choice("folder", folders, INBOX),
            }
        )
        entry.done()
    count = reader.whole("filler", 0, 0, 24)
    if count:
        taken = {person.address for person in people.people.values()}
        strangers = [person.address for person in world.people(rng, 12) if person.address not in taken]
        inbox = _filled(rng, inbox, count, strangers, people.people["me"].address)
    search = reader.boolean("search")
    messages = {entry["id"] for entry in inbox}
    if len(messages) != len(inbox):
        raise reader.fail("inbox", "an id appears twice")
    names = {entry["name"] for entry in files} | {joined["name"] for entry in inbox for joined in entry["attachments"]}
    draft = None
    if reader.has("draft"):
        begun = reader.sub("draft")
        draft = {field: people.addresses(begun.texts(field), begun.where) for field in _FIELDS} | {
            "subject": begun.text("subject", ""),
            "body": begun.text("body", ""),
            "attachments": begun.texts("attachments"),
            "reply_to": None,
            "forward_of": None,
        }
        begun.done()
    opened = reader.text("open", "")
    if opened and opened not in messages:
        raise reader.fail("open", f"no message {opened!r}")
    max_size = reader.whole("max_size", 0)
    tools, strict = reader.subset("tools", TOOLS), reader.boolean("unchanged_elsewhere", True)
    draft_counts = reader.boolean("draft_counts")
    compiled = []
    plan = _Plan()
    moved: set[str] = set()
    for verb, goal_reader in goals(reader, VERBS):
        if verb == "filed":
            moved |= set(Reader(goal_reader.raw(verb), "MAIL.filed", rng).texts("message", None))
        compiled.append((_goal(verb, goal_reader, people, messages, names, folders, plan), goal_reader.text("say", "")))
        goal_reader.done()
    reader.done()
    sizes = {entry["name"]: entry["size"] for entry in files}

    @states.judged
    def check(value: Any) -> list[str]:
        state = states.mapping(value)
        sent = [_read_message(raw, messages, names) for raw in states.items(state.get("sent"), "Les envois", MAX_SENT)]
        if draft_counts and not sent and state.get("draft") is not None:
            sent = [_read_message(state["draft"], messages, names)]
        for message in sent:
            if not (message["to"] or message["cc"] or message["bcc"]):
                raise Malformed("Un message est parti sans destinataire.")
            if max_size and sum(sizes.get(name, 0) for name in message["attachments"]) > max_size:
                raise Malformed("Les pièces jointes sont trop lourdes.")
        where = states.mapping(state.get("where"), "Le classement")
        if set(where) != messages or any(folder not in folders for folder in where.values() if isinstance(folder, str)):
            raise Malformed("Le classement des messages est illisible.")
        box: Box = (
            sent,
            {i: states.text(where[i]) for i in where},
            set(states.texts(state.get("read"), most=200)) | {opened},
        )
        unmet = []
        for goal, say in compiled:
            problems = goal(box)
            unmet += [say] if problems and say else problems
        if strict:
            unmet += [
                "Un message a été déplacé sans raison."
                for e in inbox
                if e["id"] not in moved and box[1][e["id"]] != e["folder"]
            ]
        return unmet

    known = [people.people[key].address for key in (*people.contacts, "me")]
    offered = solving.Box(inbox, known, list(sizes), tools, draft is not None)
    values: dict[str, Any] = {key: person.name for key, person in people.people.items() if "." not in key}
    for key, (label, members) in people.groups.items():
        values |= {key: label, f"{key}_count": len(members)}
    return Draw(
        values=values,
        state={
            "gabarit": "MAIL",
            "me": {"name": people.people["me"].name, "address": people.people["me"].address},
            "contacts": [{"name": p.name, "address": p.address} for k, p in people.people.items() if k in people.contacts]
            + [{"name": people.people[m].name, "address": people.people[m].address} for _, ms in people.groups.values() for m in ms if m not in people.contacts],
            "groups": [{"label": label, "addresses": [people.people[m].address for m in ms]} for label, ms in people.groups.values()],
            "messages": inbox,
            "folders": folders,
            "files": files,
            "max_size": max_size,
            "draft": draft,
            "open": opened,
            "tools": tools,
            **({"search": True} if search else {}),
        },
        check=check,
        solve=lambda: solving.solve(plan.sent, plan.count, plan.filed, offered),
    )  # fmt: skip
