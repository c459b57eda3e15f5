"""Messages of PHISH: true ones and traps of the invented world, drawn with the signs that give a trap away."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pix.generators import world

Clue = Literal["sender", "link", "urgency", "secret", "gain", "attachment"]

CLUES: dict[str, str] = {
    "sender": "L'adresse de l'expéditeur n'est pas la vraie",
    "link": "Le lien ne mène pas au vrai site",
    "urgency": "On me presse ou on me menace",
    "secret": "On me demande un mot de passe, un code ou une carte bancaire",
    "gain": "On me promet un cadeau que je n'attendais pas",
    "attachment": "Le fichier joint est inattendu",
}
"""What a trap may show."""

NO_CLUES = ("Le message est court", "Le message est poli", "Le message parle d'un service connu")
"""What proves nothing."""

SERVICES: dict[str, tuple[str, str]] = {
    "nuee": ("Nuée", "nuee.test"), "preau": ("Préau", "preau.test"), "plume": ("Plume", "plume.test"), "ronde": ("Ronde", "ronde.test"),
    "passerelle": ("La Passerelle", "mediatheque.brumeville.test"), "galets": ("Club Les Galets", "galets.test"), "ilots": ("Îlots", "ilots.test"),
    "colis": ("Brume-Colis", "brume-colis.test"), "lagon": ("Lagon", "lagon.test"),
}  # fmt: skip
"""Theme → name and true domain."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to sort."""

    trap: bool
    name: str
    address: str
    subject: str
    body: str
    link_text: str = ""
    link_url: str = ""
    attachment: str = ""
    channel: str = "courriel"
    date: str = ""
    clues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Model:
    theme: str
    subject: str
    body: str
    link: str = ""
    path: str = ""
    clues: tuple[Clue, ...] = ()
    attachment: str = ""
    pressing: bool = False
    """A true message with a date limit: kept for the hardest draws."""


_TRUE = (
    _Model("nuee", "Ton espace Nuée", "Bonjour, il te reste {n}00 Mo dans Nuée. Tu peux faire du tri quand tu en auras le temps.", "Voir mes fichiers", "/fichiers"),
    _Model("nuee", "Un dossier partagé avec toi", "Le club photo a partagé un dossier avec toi : « Sortie de {day} ».", "Ouvrir Nuée", "/partages"),
    _Model("preau", "Sortie au musée", "Bonjour à tous, le programme de la sortie de {day} est dans le cahier de texte.", "Ouvrir le cahier de texte", "/cahier"),
    _Model("preau", "Menu de la cantine", "Le menu de la semaine prochaine est en ligne. Bon appétit !", "Lire le menu", "/menu"),
    _Model("passerelle", "Le livre que tu as réservé est là", "Bonjour, ton livre t'attend à l'accueil. Nous sommes ouverts jusqu'à {hour}."),
    _Model("passerelle", "Ton livre est à rendre {day}", "Bonjour, pense à rendre ton livre avant {day}. Tu peux aussi le prolonger en ligne.", "Prolonger mon prêt", "/prets", pressing=True),
    _Model("galets", "Entraînement de {day}", "Bonjour, l'entraînement de {day} commencera à {hour}. À bientôt !"),
    _Model("galets", "Photos du tournoi", "Les photos du tournoi sont sur le site du club. Merci à tous pour votre aide.", "Voir les photos", "/photos"),
    _Model("ilots", "Une nouvelle carte dans Îlots", "Une nouvelle carte est arrivée dans le jeu. Elle s'ajoutera toute seule à ta prochaine partie.", "Lire les nouveautés", "/nouveautes"),
    _Model("ronde", "Ta semaine sur Ronde", "Cette semaine, {n} de tes amis ont publié quelque chose.", "Ouvrir Ronde", "/semaine"),
    _Model("ronde", "Dernier jour pour voter", "Le vote pour la photo du mois se termine ce soir. Ton avis compte autant que les autres.", "Voir les photos du mois", "/vote", pressing=True),
    _Model("colis", "Ton colis est au relais", "Le colis est arrivé au relais de la {street}. Il y restera {n} jours."),
    _Model("lagon", "Mise à jour prévue {day}", "Ton ordinateur se mettra à jour {day}. Tu n'as rien à faire.", "Lire les nouveautés", "/mises-a-jour"),
)  # fmt: skip

_TRAPS = (
    _Model("nuee", "Compte bientôt effacé", "Ton compte Nuée sera effacé ce soir ! Écris vite ton mot de passe pour le garder.", "Garder mon compte", "/compte", ("urgency", "secret")),
    _Model("nuee", "500 Go offerts", "Bravo ! Ton nom est sorti au tirage au sort : tu gagnes 500 Go dans Nuée.", "Prendre mon cadeau", "/cadeau", ("gain",)),
    _Model("preau", "Dernier avertissement", "Ton accès à Préau ferme dans une heure. Confirme tout de suite ton mot de passe.", "Confirmer", "/connexion", ("urgency", "secret")),
    _Model("plume", "Boîte pleine", "Tous tes messages seront détruits à minuit si tu ne cliques pas tout de suite.", "Sauver mes messages", "/boite", ("urgency",)),
    _Model("passerelle", "Livre en retard", "Paie {n} euros aujourd'hui avec une carte bancaire, sinon ton inscription est annulée.", "Payer", "/amende", ("urgency", "secret")),
    _Model("ilots", "10 000 perles pour toi", "Le tirage au sort t'a choisi ! Donne ton mot de passe pour recevoir tes 10 000 perles.", "Recevoir mes perles", "/perles", ("gain", "secret")),
    _Model("ronde", "Une photo de toi circule", "Regarde vite, avant que tout le collège ne la voie !", "Voir la photo", "/photo", ("urgency",)),
    _Model("colis", "Colis bloqué", "Il manque 1,{n}9 euro. Donne le numéro d'une carte bancaire avant ce soir, sinon le colis repart.", "Débloquer le colis", "/colis", ("urgency", "secret")),
    _Model("lagon", "Ton appareil est en danger", "{n} virus trouvés ! Agis dans les cinq minutes ou tu perdras tous tes fichiers.", "Nettoyer mon appareil", "/nettoyage", ("urgency",)),
    _Model("galets", "Un maillot offert", "Surprise, le club te donne un maillot ! Envoie-nous ton mot de passe Plume pour le recevoir.", "Choisir ma taille", "/maillot", ("gain", "secret")),
    _Model("colis", "Ta facture", "Ouvre la facture jointe avant ce soir, sinon tu paieras une amende.", "Suivre le colis", "/suivi", ("urgency", "attachment"), "facture.zip"),
    _Model("ilots", "Programme de triche gratuit", "Cadeau : avec le programme joint, gagne toutes tes parties !", "En savoir plus", "/triche", ("gain", "attachment"), "installe-moi.exe"),
)  # fmt: skip

_FAR = (
    "alerte-compte.test",
    "cadeaux-malins.test",
    "infos-rapides.test",
    "service-clients24.test",
    "top-gagnants.test",
)
_LOCAL = ("contact", "info", "equipe", "bonjour")


def _false_domain(rng: random.Random, domain: str, level: int, link: bool) -> str:
    """A domain that is not the true one, harder and harder to tell from it."""
    if level == 1:
        return rng.choice(_FAR)
    name = domain.split(".", 1)[0]
    if level == 2:
        return rng.choice((f"{name}-verification.test", f"securite-{name}.test", f"{name}-aide24.test"))
    if link and rng.random() < 0.5:
        return f"{domain}.{rng.choice(('aide-compte', 'mon-acces', 'espace-client'))}.test"
    rank = rng.randrange(1, len(name))
    return f"{name[:rank]}{name[rank]}{name[rank:]}.{domain.split('.', 1)[1]}"


def _message(rng: random.Random, model: _Model, trap: bool, level: int) -> Message:
    name, domain = SERVICES[model.theme]
    words = {
        "n": str(rng.randint(2, 9)),
        "day": world.day(rng),
        "hour": world.hour(rng),
        "street": rng.choice(world.STREETS),
    }
    message = Message(
        trap=trap,
        name=name,
        address=f"{rng.choice(_LOCAL)}@{domain}",
        subject=model.subject.format(**words),
        body=model.body.format(**words),
        link_text=model.link,
        link_url=f"https://www.{domain}{model.path}" if model.link else "",
        attachment=model.attachment,
        date=f"{world.DAYS[rng.randrange(6)]}, {world.hour(rng)}",
        clues=model.clues,
    )
    if not trap:
        return message
    # Level 1: both are false. Level 2: one at least. Level 3: one only, so that both must be looked at.
    spoiled = {
        1: ("sender", "link"),
        2: rng.choice((("sender", "link"), ("sender",), ("link",))),
        3: rng.choice((("sender",), ("link",))),
    }[level]
    if "sender" in spoiled:
        message = replace(message, address=f"{rng.choice(_LOCAL)}@{_false_domain(rng, domain, level, link=False)}")
    if "link" in spoiled:
        site = _false_domain(rng, domain, level, link=True)
        message = replace(message, link_url=f"https://{'' if domain in site else 'www.'}{site}{model.path}")
    return replace(message, clues=(*spoiled, *model.clues))


def drawn(rng: random.Random, traps: int, genuine: int, level: int, themes: Sequence[str]) -> list[Message]:
    """So many messages of each kind; never two of one service on the same side."""
    found: list[Message] = []
    for trap, models, count in ((True, _TRAPS, traps), (False, _TRUE, genuine)):
        allowed = [model for model in models if model.theme in themes and (level == 3 or not model.pressing)]
        rng.shuffle(allowed)
        seen: dict[str, _Model] = {}
        for model in allowed:
            seen.setdefault(model.theme, model)
        found += [_message(rng, model, trap, level) for model in list(seen.values())[:count]]
    return found


def most(trap: bool, themes: Sequence[str]) -> int:
    """How many messages of this side the themes allow."""
    return len({model.theme for model in (_TRAPS if trap else _TRUE) if model.theme in themes and not model.pressing})
