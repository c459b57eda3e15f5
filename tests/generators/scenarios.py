"""One typical question per gabarit, with the state that a pupil who succeeds sends: written by hand, not by the program."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

State = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    template: str
    params: Mapping[str, Any]
    first: Callable[[Mapping[str, Any]], State]
    """What the component sends before any action."""
    solve: Callable[[Mapping[str, Any]], State]
    """What it sends once the task is done."""


def explo_nodes(state: Mapping[str, Any]) -> State:
    return {"nodes": {n["id"]: {k: n[k] for k in ("name", "parent", "kind")} for n in state["nodes"]}, "chosen": None}


def by_name(state: Mapping[str, Any], name: str) -> str:
    return next(n["id"] for n in state["nodes"] if n["name"] == name)


def _restore(state: Mapping[str, Any]) -> State:
    sent = explo_nodes(state)
    sent["nodes"][by_name(state, "expose-volcans.odp")]["parent"] = by_name(state, "SVT")
    return sent


def _make_folder(state: Mapping[str, Any]) -> State:
    sent = explo_nodes(state)
    sent["nodes"]["n1"] = {"name": "Musée", "parent": "root", "kind": "folder"}
    sent["nodes"][by_name(state, "affiche.odt")]["parent"] = "n1"
    return sent


def _choose(state: Mapping[str, Any]) -> State:
    return explo_nodes(state) | {"chosen": by_name(state, "club.mp4")}


def mail_first(state: Mapping[str, Any]) -> State:
    return {"sent": [], "draft": state["draft"], "where": {m["id"]: m["folder"] for m in state["messages"]}, "read": []}


def message(**fields: Any) -> State:
    return {
        "to": [],
        "cc": [],
        "bcc": [],
        "subject": "",
        "body": "",
        "attachments": [],
        "reply_to": None,
        "forward_of": None,
    } | fields


def _invite(state: Mapping[str, Any]) -> State:
    group, teacher = state["groups"][0]["addresses"], state["contacts"][0]["address"]
    return mail_first(state) | {"draft": None, "sent": [message(to=[teacher], bcc=group, subject="Kermesse")]}


def _answer_friend(state: Mapping[str, Any]) -> State:
    sent = mail_first(state) | {"read": ["m2"]}
    friend = next(m["from"] for m in state["messages"] if m["id"] == "m2")
    sent["sent"] = [message(to=[friend], subject="Re: Match", body="Oui !", reply_to="m2", attachments=["plan.pdf"])]
    sent["where"] = sent["where"] | {"m1": "Collège"}
    return sent


def _file_found(state: Mapping[str, Any]) -> State:
    sent = mail_first(state)
    sent["where"] = sent["where"] | {"m1": "Club"}
    sent["sent"] = [message(to=["ami@plume.test"], subject="Date", body="Bonjour, quand a lieu le gala ? Merci.")]
    return sent


def ttx_first(state: Mapping[str, Any]) -> State:
    return {"paragraphs": [dict(p) for p in state["paragraphs"]]}


def _format(state: Mapping[str, Any]) -> State:
    sent = ttx_first(state)
    title, gourd, snack, last = (sent["paragraphs"][rank] for rank in (0, 2, 3, 4))
    title |= {"align": "center", "runs": [title["runs"][0] | {"bold": True, "size": 24}]}
    gourd["list"] = snack["list"] = "bullet"
    run = last["runs"][0]
    before, after = run["text"].split("samedi à 14 h")
    last["runs"] = [
        run | {"text": before},
        run | {"text": "samedi à 14 h", "bold": True, "colour": "red"},
        run | {"text": after},
    ]
    return sent


def _param_first(state: Mapping[str, Any]) -> State:
    values: State = {}

    def visit(menu: Mapping[str, Any]) -> None:
        values.update({item["id"]: item["value"] for item in menu["items"]})
        for sub in menu["menus"]:
            visit(sub)

    for menu in state["menus"]:
        visit(menu)
    return {"values": values}


def _msg_first(state: Mapping[str, Any]) -> State:
    posts = {}
    for post in state["posts"]:
        for entry in (post, *post["comments"]):
            posts[entry["id"]] = {
                "deleted": False,
                "archived": False,
                "hidden": False,
                "proof": False,
                "reported": None,
                "audience": entry.get("audience", ""),
            }
    return {"posts": posts, "blocked": [], "new": [], "replies": [], "log": []}


def _bully(state: Mapping[str, Any]) -> State:
    sent = _msg_first(state)
    sent["posts"]["c1"] |= {"proof": True, "deleted": True, "reported": "Harcèlement ou insulte"}
    sent["log"] = ["proof:c1", "reported:c1", "deleted:c1", "blocked:Karim"]
    return sent | {"blocked": ["Karim"]}


def _publish(state: Mapping[str, Any]) -> State:
    return _msg_first(state) | {"new": [{"text": "Match samedi", "audience": "Mes amis", "to": None}]}


def _pairs(state: Mapping[str, Any]) -> State:
    right = {"photo.jpg": "une image", "chanson.mp3": "un son", "voix.ogg": "un son"}
    ids = {entry["text"]: entry["id"] for entry in state["right"]}
    return {"pairs": {entry["id"]: ids[right[entry["text"]]] for entry in state["left"]}}


def _order(state: Mapping[str, Any]) -> State:
    ids = {step["text"]: step["id"] for step in state["steps"]}
    return {
        "order": [ids[text] for text in ("Éteindre", "Vérifier la prise", "Vérifier le câble", "Rallumer")],
        "aside": [ids["Appeler"]],
    }


def _rank(state: Mapping[str, Any]) -> State:
    return {
        "order": [
            entry["id"]
            for entry in sorted(
                state["passwords"], key=lambda e: ("azerty", "Lina2013", "Radeau-tulipe-42-zebre!").index(e["text"])
            )
        ]
    }


def _ad(state: Mapping[str, Any]) -> State:
    return {"zones": [next(z["id"] for z in state["zones"] if "Sponsorisé" in z["describe"])]}


def _reliable(state: Mapping[str, Any]) -> State:
    document = next(d["id"] for d in state["documents"] if d["title"] == "Le lac remonte")
    return {"choice": document, "clues": [c["id"] for c in state["clues"] if c["text"] == "L'auteur est nommé"]}


def nav_first(state: Mapping[str, Any]) -> State:
    fields = {
        block["id"]: block["value"]
        for page in state["pages"]
        for block in page["body"]
        if "id" in block and block["kind"] != "button"
    }
    return {
        "tabs": state["tabs"],
        "active": state["active"],
        "history": [{key: entry[key] for key in ("id", "url", "when")} for entry in state["history"]],
        "consent": {},
        "done": [],
        "fields": fields,
        "answer": "",
    } | {key: list(state[key]) for key in ("bookmarks", "folders", "cookies", "passwords")}


def _keep_page(state: Mapping[str, Any]) -> State:
    sent = nav_first(state)
    sent["tabs"] = [{"trail": [*state["tabs"][0]["trail"], MUSEUM], "at": 1}]
    sent["history"] = [{"id": "n1", "url": MUSEUM, "when": "à l'instant"}, *sent["history"]]
    sent["bookmarks"] = [*sent["bookmarks"], {"url": MUSEUM, "name": "Le musée", "folder": "Exposé"}]
    return sent | {"consent": {"www.musee.test": ["base"]}, "answer": "le phare"}


def _log_out(state: Mapping[str, Any]) -> State:
    sent = nav_first(state) | {"done": ["sortir"], "cookies": ["galets.test"]}
    sent["fields"] |= {"depot": "volcan.odt", "rester": False}
    return sent | {"history": [entry for entry in sent["history"] if entry["url"] != MAIL_BOX]}


def _true_domain(state: Mapping[str, Any]) -> State:
    texts = [token["text"] for token in state["tokens"]]
    slash = texts.index("/") if "/" in texts else len(texts)
    return {"picked": [state["tokens"][rank]["id"] for rank in (slash - 3, slash - 1)]}


def _part_names(state: Mapping[str, Any]) -> State:
    names = {"https": "protocole", "mediatheque": "sous-domaine", "brumeville.test": "domaine", "livres": "chemin"}
    names |= {"volcans.html": "page", "tri=date": "paramètre"}
    return {"names": {token["id"]: names[token["text"]] for token in state["tokens"] if token["live"]}}


def _own_addresses(state: Mapping[str, Any]) -> State:
    hosts = {entry["id"]: entry["text"].split("/")[2] for entry in state["addresses"]}
    return {"picked": [i for i, host in hosts.items() if f".{host}".endswith(f".{state['domain']}")]}


def _safe_code(state: Mapping[str, Any]) -> State:
    code = next(code["id"] for code in state["codes"] if code["text"].startswith("https://www.musee.test/"))
    return {"read": [code], "choice": code, "answer": "musee.test"}


MUSEUM, MAIL_BOX, CLUB = "https://www.musee.test/phare", "https://plume.test/boite", "https://galets.test/saison"


TRUE_DOMAINS = (
    "brume-colis.test", "galets.test", "ilots.test", "lagon.test", "mediatheque.brumeville.test", "nuee.test", "plume.test", "preau.test", "ronde.test",
)  # fmt: skip


def _sort_out(state: Mapping[str, Any]) -> State:
    """As a careful pupil does: the true addresses, then what each message says."""
    clues = {entry["text"]: entry["id"] for entry in state["clues"]}
    done: State = {"sorted": {}, "clues": {}, "opened": []}
    for mail in state["messages"]:
        sender = mail["address"].split("@")[1]
        site = mail["link_url"].removeprefix("https://").split("/")[0].removeprefix("www.")
        signs = [clues["L'adresse de l'expéditeur n'est pas la vraie"]] if sender not in TRUE_DOMAINS else []
        if site and site not in TRUE_DOMAINS:
            signs.append(clues["Le lien ne mène pas au vrai site"])
        done["sorted"][mail["id"]] = "report" if signs else "keep"
        said = (mail["subject"] + mail["body"]).lower()
        if signs and any(
            word in said
            for word in ("avant", "tout de suite", "dans une heure", "ce soir", "sinon", "vite", "cinq minutes")
        ):
            signs.append(clues["On me presse ou on me menace"])
        if signs and any(word in said for word in ("cadeau", "surprise", "gagnes", "t'a choisi", "offert")):
            signs.append(clues["On me promet un cadeau que je n'attendais pas"])
        if signs:
            done["clues"][mail["id"]] = sorted(set(signs))
    return done


def tab_first(state: Mapping[str, Any]) -> State:
    kept = {key: dict(state[key]) for key in ("cells", "formats", "widths")}
    return {**kept, "filter": None, "chosen": None, "answer": ""}


def _total(state: Mapping[str, Any]) -> State:
    sent = tab_first(state)
    sent["cells"] |= {"B5": "=somme(B2:B4)", "C3": "=B3*$F$1", "C4": "=B4*$F$1", "A5": "Total", "D2": "02/02/2026"}
    sent["formats"] |= {"B5": "euro"}
    return sent


def _by_number(state: Mapping[str, Any]) -> State:
    sent = tab_first(state)
    rows = [tuple(state["cells"][f"{letter}{row}"] for letter in "AB") for row in (2, 3, 4)]
    rows.sort(key=lambda row: -int(row[1]))
    for rank, (day, number) in enumerate(rows, 2):
        sent["cells"] |= {f"A{rank}": day, f"B{rank}": number}
    sent["widths"]["A"] = 12
    return sent | {"filter": {"column": "A", "value": "jeudi"}, "answer": rows[0][0], "chosen": "B2:B4"}


def form_first(state: Mapping[str, Any]) -> State:
    return {"values": {item["id"]: item["value"] for item in state["fields"]}, "flagged": [], "sent": False}


def _share(state: Mapping[str, Any]) -> State:
    values = form_first(state)["values"] | {"file": "film.mp4", "end": "2026-06-15", "code": "Lagune-42", "ok": True}
    return {"values": values, "flagged": ["phone"], "sent": True}


def _meta(state: Mapping[str, Any]) -> State:
    file = next(entry for entry in state["files"] if entry["name"] == "lac.jpg")
    return {"file": file["id"], "line": f"{file['id']}:1", "answer": "héron"}


def _blocs_first(state: Mapping[str, Any]) -> State:
    return {"program": state["program"]}


def _walk_to_flag(state: Mapping[str, Any]) -> State:
    return {"program": [{"op": "repeter", "n": 4, "body": [{"op": "avancer"}]}]}


def _two_stars(state: Mapping[str, Any]) -> State:
    def pick(times: int) -> list[State]:
        return [{"op": "repeter", "n": times, "body": [{"op": "avancer"}]}, {"op": "ramasser"}]

    return {"program": [*pick(2), *pick(3)]}


def _follow_arrows(state: Mapping[str, Any]) -> State:
    x, y = state["world"]["x"], state["world"]["y"]
    for block in state["program"]:
        dx, dy = {"haut": (0, -1), "bas": (0, 1), "gauche": (-1, 0), "droite": (1, 0)}[block["op"]]
        x, y = x + dx, y + dy
    return {"answer": f"{'ABCDE'[x]}{y + 1}"}


def _count_points(state: Mapping[str, Any]) -> State:
    return {
        "program": [
            {"op": "mettre", "var": "score", "value": "5"},
            {"op": "repeter", "n": 3, "body": [{"op": "ajouter", "var": "score", "value": "2"}]},
            {"op": "dire", "value": "score"},
        ]
    }


def imged_first(state: Mapping[str, Any]) -> State:
    return {"turn": 0, "crop": None, "size": None, "light": 0, "contrast": 0, "colour": 0, "blurs": []}


def _box_of(state: Mapping[str, Any], kind: str) -> State:
    found = next(entry for entry in state["objects"] if entry["kind"] == kind)
    return {side: found[side] for side in "xywh"}


def _crop_boat(state: Mapping[str, Any]) -> State:
    return imged_first(state) | {"crop": _box_of(state, "bateau")}


def _blur_face(state: Mapping[str, Any]) -> State:
    return imged_first(state) | {"blurs": [_box_of(state, "visage")]}


URL = "https://mediatheque.brumeville.test/nuit"
PARAGRAPHS = [
    "Tournoi des Galets",
    "Prévois :",
    "une gourde",
    "un goûter",
    "Rendez-vous samedi à 14 h devant le gymnase.",
]
FORMAT_GOALS = [
    {"paragraph": 1, "has": {"bold": True, "align": "center", "size": 24}},
    {"paragraphs": [3, 4], "has": {"list": "bullet"}},
    {"words": "samedi à 14 h", "has": {"bold": True, "colour": "red"}},
]

SCENARIOS: dict[str, Scenario] = {
    "explo restore (1.2.1-N3)": Scenario(
        "EXPLO",
        {
            "folders": ["Sorties"],
            "files": ["Maths/Exercices/fractions.odt", "SVT/photo-volcan.jpg", "liste.txt"],
            "bin": ["SVT/expose-volcans.odp", "brouillon.txt"],
            "decoys": "8",
            "goals": [{"restored": "SVT/expose-volcans.odp"}],
        },
        explo_nodes,
        _restore,
    ),
    "explo folder (1.2.1-N1)": Scenario(
        "EXPLO",
        {
            "files": ["affiche.odt", "notes.txt"],
            "goals": [{"folder": "Musée"}, {"only_in": {"files": ["affiche.odt"], "folder": "Musée"}}],
        },
        explo_nodes,
        _make_folder,
    ),
    "explo biggest (1.2.3-N3)": Scenario(
        "EXPLO",
        {
            "files": [
                {"path": "Vidéos/plage.mp4", "size": 91000, "date": "2026-01-04"},
                {"path": "Vidéos/club.mp4", "size": 220000, "date": "2026-02-11"},
            ],
            "decoys": 10,
            "goals": [{"chosen": "Vidéos/club.mp4"}],
        },
        explo_nodes,
        _choose,
    ),
    "moteur phrase (1.1.2-N3)": Scenario(
        "MOTEUR",
        {
            "pages": [
                {
                    "url": URL,
                    "title": "La nuit des lanternes bleues",
                    "text": "La nuit des lanternes bleues a lieu au lac à 21 h.",
                    "date": "2026-02-10",
                },
                {
                    "url": "https://deco.test/lanternes",
                    "title": "Lanternes bleues pour la nuit",
                    "text": "Lanternes bleues pour la nuit, nuit bleue.",
                },
            ],
            "filler": 12,
            "goals": [
                {"query": {"operator": "phrase", "finds": URL, "within": 1}},
                {"opened": URL},
                {"answer": ["21 h", "21 heures"]},
            ],
        },
        lambda state: {"queries": [], "opened": [], "chosen": None, "answer": ""},
        lambda state: {
            "queries": ["lanternes", '"nuit des lanternes bleues"'],
            "opened": [URL],
            "chosen": None,
            "answer": "à 21h".removeprefix("à "),
        },
    ),
    "mail hidden copies (2.1.2-N3)": Scenario(
        "MAIL",
        {
            "contacts": [{"id": "prof", "name": "Mme Diallo"}],
            "groups": [{"id": "familles", "label": "Familles de 5e B", "count": "18"}],
            "draft": {"cc": ["@familles:1"]},
            "goals": [{"sent": {"to": ["prof"], "cc": [], "bcc": ["@familles"], "subject": True}}],
        },
        mail_first,
        _invite,
    ),
    "mail reply and file": Scenario(
        "MAIL",
        {
            "contacts": [{"id": "prof"}, {"id": "ami"}],
            "folders": ["Collège"],
            "inbox": [
                {"id": "m1", "from": "prof", "to": ["me", "ami"], "subject": "Kermesse"},
                {"id": "m2", "from": "ami", "subject": "Match"},
            ],
            "files": ["plan.pdf", {"name": "film.mp4", "size": 48000}],
            "max_size": 10000,
            "goals": [
                {"filed": {"message": "m1", "folder": "Collège"}},
                {"sent": {"to": ["ami"], "reply_to": "m2", "body": ["oui"], "attachments": ["plan.pdf"]}},
                {"sent_count": 1},
                {"read": "m2"},
            ],
        },
        mail_first,
        _answer_friend,
    ),
    "mail search and tone (2.1.3-N3)": Scenario(
        "MAIL",
        {
            "contacts": [{"id": "coach", "name": "Mme Sow"}, {"id": "ami", "address": "ami@plume.test"}],
            "folders": ["Club"],
            "search": True,
            "filler": 12,
            "inbox": [
                {
                    "id": "m1",
                    "from": "coach",
                    "subject": "Documents",
                    "body": "La fiche du gala.",
                    "attachments": ["f.pdf"],
                },
                {"id": "m2", "from": "coach", "subject": "Le gala", "body": "On en parle mardi."},
            ],
            "goals": [
                {"filed": {"message": "m1", "folder": "Club"}},
                {"sent": {"to": ["ami"], "body": ["bonjour", "gala"], "without": ["tu", "salut"]}},
            ],
        },
        mail_first,
        _file_found,
    ),
    "ttx (3.1.2)": Scenario("TTX", {"paragraphs": PARAGRAPHS, "goals": FORMAT_GOALS}, ttx_first, _format),
    "rendu texte (3.1.2)": Scenario(
        "RENDU",
        {"kind": "texte", "name": "affiche", "paragraphs": PARAGRAPHS, "goals": FORMAT_GOALS},
        ttx_first,
        _format,
    ),
    "ttx model (3.1.2-N4)": Scenario(
        "TTX",
        {
            "paragraphs": ["Un titre", "Un texte"],
            "model": [{"text": "Un titre", "bold": True, "size": 18}, {"text": "Un texte", "align": "justify"}],
        },
        ttx_first,
        lambda state: {"paragraphs": state["model"]},
    ),
    "param (4.2.2)": Scenario(
        "PARAM",
        {
            "shuffled": True,
            "menus": [
                {
                    "name": "Confidentialité",
                    "items": [
                        {
                            "id": "profil",
                            "label": "Profil",
                            "kind": "radio",
                            "options": ["Tout le monde", "Mes amis"],
                            "value": "Tout le monde",
                        },
                        {"id": "position", "label": "Position", "value": "oui"},
                    ],
                    "menus": [
                        {
                            "name": "Messages",
                            "items": [
                                {
                                    "id": "qui",
                                    "label": "Qui",
                                    "kind": "select",
                                    "options": ["Tous", "Amis"],
                                    "value": "Tous",
                                }
                            ],
                        }
                    ],
                },
                {"name": "Sons", "items": [{"id": "sons", "label": "Sons", "value": True}]},
            ],
            "goals": [
                {"setting": "profil", "is": "Mes amis"},
                {"setting": "position", "is": False},
                {"setting": "qui", "is_not": "Tous"},
            ],
        },
        _param_first,
        lambda state: {
            "values": _param_first(state)["values"] | {"profil": "Mes amis", "position": False, "qui": "Amis"}
        },
    ),
    "msg bully (4.3.4-N2)": Scenario(
        "MSG",
        {
            "posts": [
                {
                    "id": "p1",
                    "author": "me",
                    "text": "Mon skate",
                    "comments": [{"id": "c1", "author": "Karim", "text": "T'es nul."}],
                },
                {"id": "p2", "author": "Inaya", "text": "Bravo"},
            ],
            "goals": [
                {"proof": "c1"},
                {"deleted": "c1"},
                {"reported": {"post": "c1", "reason": "Harcèlement ou insulte"}},
                {"blocked": "Karim"},
                {"before": ["proof", "deleted"]},
            ],
        },
        _msg_first,
        _bully,
    ),
    "msg audience (2.2.3-N2)": Scenario(
        "MSG",
        {
            "compose": {"text": "Match samedi", "fixed": True},
            "goals": [{"published": {"audience": ["Mes amis", "Moi seulement"], "contains": ["match"]}}],
        },
        _msg_first,
        _publish,
    ),
    "mdp sort": Scenario(
        "MDP",
        {"mode": "sort", "passwords": ["azerty", "Lina2013", "Radeau-tulipe-42-zebre!"]},
        lambda state: {"order": [entry["id"] for entry in state["passwords"]]},
        _rank,
    ),
    "mdp build (4.1.1-N3)": Scenario(
        "MDP",
        {"mode": "build", "person": {"prénom": "Inaya", "animal": "Moka"}, "rules": {"length": 16, "words": 4}},
        lambda state: {"password": ""},
        lambda state: {"password": "tortue violon cascade 7 mimosa"},
    ),
    "assoc (1.2.2-N3)": Scenario(
        "ASSOC",
        {
            "pairs": [
                {"left": "photo.jpg", "right": "une image"},
                {"left": "chanson.mp3", "right": "un son"},
                {"left": "voix.ogg", "right": "un son"},
            ],
            "keep": "2",
            "decoys": ["un tableau"],
        },
        lambda state: {"pairs": {}},
        _pairs,
    ),
    "ordre (5.1.3-N4)": Scenario(
        "ORDRE",
        {"steps": ["Éteindre", ["Vérifier le câble", "Vérifier la prise"], "Rallumer"], "extra": ["Appeler"]},
        lambda state: {"order": [step["id"] for step in state["steps"]], "aside": []},
        _order,
    ),
    "zone (1.1.3-N2)": Scenario("ZONE", {"scene": "resultat", "answer": "annonce"}, lambda state: {"zones": []}, _ad),
    "compare (1.1.4)": Scenario(
        "COMPARE",
        {
            "question": "Lequel choisir ?",
            "documents": [
                {"id": "a", "title": "Le lac remonte", "author": "Service des eaux", "text": "…"},
                {"id": "b", "title": "INCROYABLE", "text": "…"},
            ],
            "choice": "a",
            "clues": [
                {"text": "L'auteur est nommé", "right": True},
                {"text": "Le titre est en majuscules", "right": "non"},
            ],
        },
        lambda state: {"choice": None, "clues": []},
        _reliable,
    ),
    "nav keep a page (1.1.1-N3)": Scenario(
        "NAV",
        {
            "pages": [
                {
                    "url": MUSEUM,
                    "title": "Le phare",
                    "body": [
                        "Bienvenue.",
                        {"heading": "Histoire"},
                        {"link": "Venir", "to": CLUB},
                        {"image": "le phare"},
                    ],
                },
                {"url": CLUB, "title": "Saison", "body": ["Le club.", {"ad": "Promo", "to": MUSEUM}], "listed": False},
            ],
            "sites": [
                {
                    "host": "www.musee.test",
                    "name": "Musée",
                    "account": "Connexion : Inaya",
                    "menu": [{"text": "Accueil", "to": MUSEUM}],
                    "banner": {
                        "text": "Des cookies ?",
                        "purposes": [
                            {"id": "base", "label": "Nécessaires", "locked": True},
                            {"id": "pub", "label": "Publicité", "value": True},
                        ],
                    },
                    "certificate": {"to": "www.musee.test", "by": "Autorité Fanal", "until": "2027-02-01"},
                }
            ],
            "folders": ["Exposé", "Sport"],
            "bookmarks": [{"url": CLUB, "name": "Le club", "folder": "Sport"}],
            "filler": 5,
            "goals": [
                {"bookmark": {"url": MUSEUM, "folder": "Exposé"}},
                {"consent": {"site": "www.musee.test", "is": []}},
                {"current": MUSEUM},
                {"not_visited": CLUB},
                {"answer": ["le phare", "phare"]},
            ],
        },
        nav_first,
        _keep_page,
    ),
    "nav log out (4.1.6-N1)": Scenario(
        "NAV",
        {
            "engine": False,
            "pages": [
                {
                    "url": MAIL_BOX,
                    "title": "Plume",
                    "body": [
                        {"button": "Me déconnecter", "id": "sortir", "to": CLUB},
                        {"button": "Supprimer le compte", "id": "supprimer"},
                        {"check": "Rester connecté", "id": "rester", "value": True},
                        {"upload": "Ton fichier", "id": "depot", "options": ["volcan.odt", "chat.jpg"]},
                        {"input": "Nom", "id": "nom", "free": True},
                        {"choice": "Classe", "id": "classe", "options": ["5e A", "5e B"]},
                    ],
                    "after": {"done": "sortir", "to": CLUB},
                },
                {"url": CLUB, "title": "Saison", "body": ["Le club."]},
            ],
            "open": [CLUB, {"trail": [MAIL_BOX, CLUB], "at": 0}],
            "active": 1,
            "history": [MAIL_BOX, {"url": CLUB, "when": "hier"}],
            "history_filler": 4,
            "cookies": ["plume.test", "galets.test"],
            "goals": [
                {"done": "sortir"},
                {"field": {"id": "rester", "is": False}},
                {"field": {"id": "depot", "is": "volcan.odt"}},
                {"forgotten": {"from": "cookies", "what": "plume.test"}},
                {"forgotten": {"from": "history", "what": MAIL_BOX}},
            ],
        },
        nav_first,
        _log_out,
    ),
    "url find the domain (1.1.1-N4)": Scenario(
        "URL", {"mode": "find", "trap": ["subdomain", "path", "dash"]}, lambda state: {"picked": []}, _true_domain
    ),
    "url name the parts (1.1.1-N4)": Scenario(
        "URL",
        {"mode": "name", "address": "https://mediatheque.brumeville.test/livres/volcans.html?tri=date"},
        lambda state: {"names": {}},
        _part_names,
    ),
    "url sort (1.1.1-N4)": Scenario(
        "URL", {"mode": "sort", "count": "6"}, lambda state: {"picked": []}, _own_addresses
    ),
    "qr (4.1.3-N4)": Scenario(
        "QR",
        {
            "codes": [
                {
                    "id": "vrai",
                    "label": "Affiche du hall",
                    "text": "https://www.musee.test/nuit",
                    "note": "Collée au mur",
                },
                {"id": "piege", "label": "Autocollant", "text": "https://musee.test.gros-lots.test/nuit"},
            ],
            "choice": "vrai",
            "answer": ["musee.test", "www.musee.test"],
            "answer_label": "Le domaine du bon code",
        },
        lambda state: {"read": [], "choice": None, "answer": ""},
        _safe_code,
    ),
    "phish (4.1.3-N2)": Scenario(
        "PHISH",
        {"traps": 2, "genuine": "2", "level": 2, "clues": 2},
        lambda state: {"sorted": {}, "clues": {}, "opened": []},
        _sort_out,
    ),
    "trous (4.3.4-N1)": Scenario(
        "TROUS",
        {
            "text": "J'en parle à [[qui]].\nJ'appelle le [[numero]], c'est [[prix]].",
            "gaps": {
                "qui": "un adulte",
                "numero": {"label": "Le numéro", "accept": ["3018", "30 18"]},
                "prix": {"options": ["gratuit", "payant"], "is": "gratuit"},
            },
            "decoys": ["personne"],
        },
        lambda state: {"gaps": {}},
        lambda state: {"gaps": {"t1": "un adulte", "t2": " 30-18. ", "t3": "gratuit"}},
    ),
    "tab formulas (1.3.3)": Scenario(
        "TAB",
        {
            "rows": [
                ["Jour", "Vendus", "Gain", None, None, "0,5"],
                ["lundi", {"between": [3, 40]}, "=B2*$F$1", None, None],
                ["mardi", {"between": [3, 40]}],
                ["jeudi", {"between": [3, 40]}],
                [None],
            ],
            "goals": [
                {"formula": {"at": "B5", "like": "=SOMME(B2:B4)", "uses": ["SOMME"]}},
                {"formula": {"at": "C2:C4", "like": "=B2*$F$1"}},
                {"cell": {"at": "A5", "is": ["total", "en tout"]}},
                {"cell": {"at": "D2", "is": "2/2/2026"}},
                {"format": {"at": "B5", "is": "euro"}},
            ],
        },
        tab_first,
        _total,
    ),
    "tab sort and filter (1.3.4)": Scenario(
        "TAB",
        {
            "rows": [
                ["Jour", "Vendus"],
                ["mercredi et", "20"],
                ["mardi", {"between": [21, 40]}],
                ["jeudi", {"between": [41, 60]}],
            ],
            "widths": {"A": 6},
            "goals": [
                {"sorted": {"by": "B", "order": "desc"}},
                {"width": {"column": "A"}},
                {"filtered": {"column": "A", "value": "jeudi"}},
                {"chosen": ["b2:b4", "B4"]},
                {"answer": {"where": "=MAX(B2:B4)", "among": "B2:B4", "give": "A"}},
            ],
        },
        tab_first,
        _by_number,
    ),
    "rendu tableur (1.3.3)": Scenario(
        "RENDU",
        {
            "kind": "tableur",
            "name": "vente",
            "rows": [
                ["Jour", "Vendus", "Gain", None, None, "0,5"],
                ["lundi", {"between": [3, 40]}, "=B2*$F$1", "02/02/2026"],
                ["mardi", {"between": [3, 40]}],
                ["jeudi", {"between": [3, 40]}],
                ["Total"],
            ],
            "goals": [
                {"formula": {"at": "B5", "like": "=SOMME(B2:B4)"}},
                {"formula": {"at": "C2:C4", "like": "=B2*$F$1"}},
            ],
        },
        tab_first,
        _total,
    ),
    "form (2.2.1)": Scenario(
        "FORM",
        {
            "title": "Nouveau lien",
            "submit": "Créer",
            "fields": [
                {"id": "file", "label": "Fichier", "kind": "select", "options": ["plan.pdf", "film.mp4"]},
                {"id": "end", "label": "Fin", "kind": "date"},
                {"id": "code", "label": "Mot de passe", "required": True},
                {"id": "ok", "label": "Modifiable", "kind": "checkbox"},
                {"id": "who", "label": "Pour", "kind": "radio", "options": ["Tous", "Moi"], "value": "Tous"},
                {"id": "phone", "label": "Téléphone de tes parents", "kind": "number"},
            ],
            "goals": [
                {"field": "file", "is": "film.mp4"},
                {"field": "end", "between": ["2026-06-10", "2026-06-20"]},
                {"field": "code", "like": r".{8,}"},
                {"field": "ok", "is": True},
                {"field": "phone", "filled": False},
                {"flagged": ["phone"]},
            ],
        },
        form_first,
        _share,
    ),
    "meta (1.2.7)": Scenario(
        "META",
        {
            "download": True,
            "files": [
                {"name": "lac.jpg", "properties": {"Taille": "1,4 Mo", "Prise le": "12/03/2026"}},
                {"name": "expose.odt", "properties": {"Taille": "84 ko", "Auteur": "Inaya"}},
            ],
            "goals": [
                {"chosen": "lac.jpg"},
                {"line": {"file": "lac.jpg", "label": "Prise le"}},
                {"answer": ["Heron", "un héron"]},
            ],
        },
        lambda state: {"file": None, "line": None, "answer": ""},
        _meta,
    ),
    "blocs repeat (3.4.2-N2)": Scenario(
        "BLOCS",
        {
            "map": [".....", ">...F"],
            "blocks": ["avancer", "tourner_gauche", "repeter"],
            "turned": True,
            "goals": [{"reach": True}, {"uses": "repeter"}, {"most": 2}],
            "example": [{"repeter": 4, "do": ["avancer"]}],
        },
        _blocs_first,
        _walk_to_flag,
    ),
    "blocs stars": Scenario(
        "BLOCS",
        {
            "map": ">.*..*#",
            "blocks": ["avancer", "ramasser", "repeter", "jusqua", "si"],
            "program": ["ramasser"],
            "goals": [{"collected": True}],
            "example": [{"jusqua": "mur", "do": ["avancer", {"si": "etoile", "do": ["ramasser"]}]}],
        },
        _blocs_first,
        _two_stars,
    ),
    "blocs variable (3.4.4-N3)": Scenario(
        "BLOCS",
        {
            "variables": ["score"],
            "blocks": ["repeter", "mettre", "ajouter", "dire"],
            "goals": [{"value": {"of": "score", "is": 11}}, {"says": ["11"]}, {"uses": "ajouter"}],
            "example": [{"mettre": ["score", 5]}, {"repeter": 3, "do": [{"ajouter": ["score", 2]}]}, {"dire": "score"}],
        },
        _blocs_first,
        _count_points,
    ),
    "blocs follow (3.4.1-N1)": Scenario(
        "BLOCS", {"mode": "follow", "drawn": {"moves": 5}}, lambda state: {"answer": ""}, _follow_arrows
    ),
    "blocs counter (3.4.4-N2)": Scenario(
        "BLOCS",
        {
            "mode": "follow",
            "ask": "score",
            "program": [{"mettre": ["score", 4]}, {"repeter": 3, "do": [{"ajouter": ["score", 5]}]}],
        },
        lambda state: {"answer": ""},
        lambda state: {"answer": " 19"},
    ),
    "imged crop (3.2.2-N1)": Scenario(
        "IMGED",
        {
            "objects": ["bateau", "phare", "poubelle"],
            "tools": ["crop", "turn"],
            "goals": [{"cropped": {"keep": ["bateau"], "drop": ["poubelle"]}}],
        },
        imged_first,
        _crop_boat,
    ),
    "imged turn (3.2.2-N1)": Scenario(
        "IMGED",
        {"objects": ["maison", "arbre"], "lying": "90", "goals": [{"upright": True}]},
        imged_first,
        lambda state: imged_first(state) | {"turn": 270},
    ),
    "imged resize (3.2.2-N2)": Scenario(
        "IMGED",
        {"objects": ["maison", "arbre"], "tools": ["size"], "goals": [{"resized": {"w": "600"}}]},
        imged_first,
        lambda state: imged_first(state) | {"size": {"w": 600, "h": 400}},
    ),
    "imged light (3.2.2-N3)": Scenario(
        "IMGED",
        {
            "objects": ["banc", "ballon", "oiseau"],
            "ground": "champ",
            "given_light": -40,
            "tools": ["light", "contrast", "colour"],
            "goals": [{"tuned": {"light": [-10, 10]}}],
        },
        imged_first,
        lambda state: imged_first(state) | {"light": 35},
    ),
    "imged blur (3.2.2-N4)": Scenario(
        "IMGED",
        {
            "objects": ["visage", "velo", "panneau", "plaque"],
            "ground": "cour",
            "tools": ["blur"],
            "goals": [{"blurred": {"zones": ["visage"], "clear": ["velo", "panneau", "plaque"]}}],
        },
        imged_first,
        _blur_face,
    ),
}
