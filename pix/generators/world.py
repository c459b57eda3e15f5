"""The invented world of the bank: people, places, pages and files that exist nowhere else (content plan 2 and 7.1)."""

import random
from dataclasses import dataclass

from pix.core.texts import match_key

FIRST_NAMES = (
    "Adama", "Agathe", "Aïcha", "Aleksander", "Alix", "Amélie", "Anaïs", "Andréa", "Anh", "Awa", "Baptiste", "Bilal", "Camille", "Chloé", "Clara",
    "Daniel", "Dounia", "Élias", "Éloïse", "Emre", "Enzo", "Fatou", "Gabriel", "Hana", "Hugo", "Ibrahim", "Ilyès", "Inaya", "Inès", "Ismaël",
    "Jade", "Joana", "Jules", "Kenza", "Khalil", "Kim", "Lamine", "Léa", "Leïla", "Lina", "Livia", "Loan", "Lou", "Louis", "Maëlle", "Malo",
    "Mamadou", "Manon", "Marcel", "Maya", "Mehdi", "Mila", "Moussa", "Myriam", "Naël", "Nils", "Noa", "Nour", "Oscar", "Oumou", "Paolo", "Priya",
    "Rafael", "Rayan", "Romane", "Rose", "Sacha", "Salomé", "Samir", "Sarah", "Selma", "Sofia", "Soren", "Tao", "Théo", "Tiago", "Victoire",
    "Wassim", "Yanis", "Yuna", "Zélie", "Zoé",
)  # fmt: skip
"""Several origins and genders; drawn evenly, so that no trade, mistake or taste belongs to an origin."""

LAST_NAMES = (
    "Abadie", "Ait-Said", "Barros", "Benali", "Bianchi", "Bouchard", "Camara", "Chevallier", "Costa", "Diallo", "Dos Santos", "Faure", "Ferreira",
    "Garnier", "Gauthier", "Haddad", "Jankowski", "Kaya", "Keita", "Lambert", "Le Goff", "Lopez", "Marchand", "Mendy", "Moreau", "N'Diaye",
    "Nguyen", "Novak", "Petit", "Pham", "Rahmani", "Renaud", "Robin", "Rossi", "Sanchez", "Schmitt", "Sow", "Tavares", "Tran", "Traoré", "Vidal",
    "Weber", "Yildiz", "Zerrouki",
)  # fmt: skip

CLASSES = ("6e A", "6e C", "5e A", "5e B", "5e D", "4e B", "4e C", "3e A", "3e D")
CLUBS = (
    "Les Galets",
    "Les Hérons",
    "La Godille",
    "Brumeville Basket",
    "L'Échiquier",
    "Les Planches",
    "Cap Escalade",
    "La Boussole",
)
PLACES = (
    "la bibliothèque La Passerelle", "le gymnase des Tilleuls", "le parc de la Source", "la piscine du Vieux-Pont", "la salle des Brumes",
    "le musée du Phare", "la ferme du Coteau", "le stade Émeraude", "la place du Marché", "la maison des Jeunes",
)  # fmt: skip
STREETS = (
    "rue des Acacias", "rue du Bac", "rue de la Barque", "rue des Cordiers", "rue de l'Écluse", "rue du Fanal", "rue des Fougères", "rue du Gué",
    "rue de la Halle", "rue des Îles", "rue du Jardin", "rue des Lavandières", "rue du Lavoir", "rue des Marelles", "rue du Moulin", "rue Neuve",
    "rue des Oiseaux", "rue du Port", "rue des Quatre-Vents", "rue de la Rive", "rue des Saules", "rue du Tramway", "rue des Vergers", "rue du Vieux-Puits",
)  # fmt: skip
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "septembre", "octobre", "novembre", "décembre")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
SUBJECTS = (
    "Anglais",
    "Arts plastiques",
    "Espagnol",
    "Français",
    "Histoire-géo",
    "Maths",
    "Musique",
    "Physique-chimie",
    "SVT",
    "Technologie",
)

SECRET_WORDS = (
    "abricot", "alouette", "amphore", "anémone", "ardoise", "artichaut", "azalée", "balise", "bambou", "belette", "boussole", "brindille", "cabestan",
    "cactus", "calebasse", "campanule", "canari", "cascade", "cerfeuil", "chamois", "cigale", "citadelle", "cobalt", "colibri", "comète", "coquelicot",
    "corail", "cristal", "dahlia", "dauphin", "dinosaure", "dune", "écureuil", "émeraude", "épervier", "érable", "escargot", "estuaire", "fanfare",
    "fennec", "figuier", "flamant", "fougère", "framboise", "galaxie", "gazelle", "genêt", "girafe", "glacier", "goéland", "grenade", "grillon",
    "hamac", "harmonie", "hérisson", "hibou", "horizon", "iguane", "jasmin", "jonquille", "kayak", "lagune", "lanterne", "lavande", "libellule",
    "licorne", "loutre", "lucarne", "luciole", "mandarine", "mangue", "marmotte", "mésange", "mimosa", "mirabelle", "mosaïque", "muguet", "narval",
    "nénuphar", "noisette", "oasis", "olivier", "orchidée", "otarie", "palmier", "panthère", "papyrus", "pélican", "phare", "pinson", "pivoine",
    "planète", "potiron", "prairie", "quartz", "radeau", "raisin", "renard", "rivière", "roseau", "rubis", "safari", "saphir", "sardine", "saturne",
    "sémaphore", "sirocco", "tambour", "tempête", "tilleul", "topaze", "tortue", "toucan", "trapèze", "trèfle", "tulipe", "vallée", "vanille",
    "violon", "voilier", "volcan", "zèbre", "zénith",
)  # fmt: skip

FILE_STEMS = (
    "affiche", "album", "bilan", "bonus", "brouillon", "carte", "chanson", "compte-rendu", "consigne", "correction", "cours", "croquis", "devoir",
    "dialogue", "dossier", "enquête", "essai", "exercices", "expo", "fiche", "frise", "galerie", "guide", "interview", "journal", "leçon", "lettre",
    "liste", "mémo", "modèle", "notes", "paroles", "plan", "planning", "portrait", "programme", "projet", "quiz", "recette", "récit", "règles",
    "relevé", "résumé", "schéma", "script", "sujet", "tableau", "texte", "trajet", "vocabulaire",
)  # fmt: skip
EXTENSIONS = ("odt", "ods", "odp", "pdf", "txt", "jpg", "png", "mp3", "mp4")
KINDS = {
    "odt": "texte", "docx": "texte", "txt": "texte", "md": "texte", "pdf": "pdf", "jpg": "image", "jpeg": "image", "png": "image", "svg": "image",
    "gif": "image", "mp3": "son", "ogg": "son", "wav": "son", "mp4": "vidéo", "webm": "vidéo", "ods": "tableur", "xlsx": "tableur", "csv": "tableur",
    "odp": "diaporama", "pptx": "diaporama", "zip": "archive", "html": "web", "exe": "programme",
}  # fmt: skip
"""Extension → kind shown with its icon."""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    address: str


def kind_of(name: str) -> str:
    """``"photo.JPG"`` → ``"image"``; unknown → ``"fichier"``."""
    return KINDS.get(name.rsplit(".", 1)[-1].lower(), "fichier") if "." in name else "fichier"


def first_names(rng: random.Random, count: int, without: set[str] | None = None) -> list[str]:
    """``count`` first names, all different."""
    return rng.sample([name for name in FIRST_NAMES if name not in (without or set())], count)


def people(rng: random.Random, count: int, domain: str = "plume.test", titles: bool = False) -> list[Person]:
    """Full names with an address each, names and addresses all different. ``titles``: « Mme Diallo » instead of « Awa Diallo »."""
    found: dict[str, Person] = {}
    while len(found) < count:
        first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        address = f"{match_key(first)}.{match_key(last)}@{domain}"
        name = f"{rng.choice(('Mme', 'M.'))} {last}" if titles else f"{first} {last}"
        if address not in found and all(person.name != name for person in found.values()):
            found[address] = Person(name, address)
    return list(found.values())


def day(rng: random.Random) -> str:
    """« mardi 14 mars »: no year, so that the week day never contradicts a calendar."""
    return f"{rng.choice(DAYS)} {rng.randint(2, 28)} {rng.choice(MONTHS)}"


def hour(rng: random.Random) -> str:
    """« 14 h 30 » or « 9 h »."""
    minutes = rng.choice(("", " 15", " 30", " 45"))
    return f"{rng.randint(8, 19)} h{minutes}"


def iso_date(rng: random.Random, years: tuple[int, int] = (2024, 2026)) -> str:
    return f"{rng.randint(*years)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"


_PAGES = (
    ("https://www.brumeville.test/marche", "Le marché de Brumeville", "Le marché s'installe chaque {day} sur la place. On y trouve des légumes, du pain et des fleurs."),
    ("https://www.brumeville.test/tramway", "Le tramway : lignes et arrêts", "La ligne {n} relie la gare au quartier des Saules. Un tramway passe toutes les {m} minutes."),
    ("https://parc.brumeville.test/plan", "Parc de la Source : le plan", "Le parc compte {n} hectares de sentiers, une mare et une tyrolienne. Les chiens sont tenus en laisse."),
    ("https://musee-du-phare.test/visite", "Visiter le musée du Phare", "La visite dure {m} minutes. Le phare a été construit par les pêcheurs de Brumeville."),
    ("https://galets.test/saison", "Club Les Galets : la saison", "Le club Les Galets accueille {m} jeunes. Les inscriptions se font au gymnase des Tilleuls."),
    ("https://recettes.test/tarte-aux-mirabelles", "Tarte aux mirabelles", "Il faut {n} œufs, de la farine et un kilo de mirabelles. Cuire {m} minutes."),
    ("https://college-lumiere.test/cdi", "Le CDI du collège Simone-Lumière", "Le CDI prête {n} livres à la fois pour {m} jours. Les élèves y lisent au calme."),
    ("https://meteo.brumeville.test/semaine", "La météo de la semaine", "Brouillard le matin, {m} degrés l'après-midi. Le vent souffle du lac."),
    ("https://encyclo-brume.test/loutre", "Loutre — Encyclo-Brume", "La loutre vit au bord de l'eau. Elle mange des poissons et dort dans une catiche."),
    ("https://encyclo-brume.test/lac", "Lac de Brumeville — Encyclo-Brume", "Le lac mesure {m} mètres de profondeur. On y navigue en barque depuis {n} siècles."),
    ("https://journal-des-rives.test/fete", "La fête des lanternes revient", "La fête a réuni {m} lanternes sur le lac. Les habitants préparent déjà la prochaine."),
    ("https://journal-des-rives.test/pont", "Le vieux pont fermé pour travaux", "Le pont ferme {n} semaines. Les vélos passent par la rue de l'Écluse."),
    ("https://forum-rando.test/coteau", "Forum : le sentier du Coteau", "J'ai marché {m} minutes avec mes enfants, le sentier est facile. Prenez de l'eau."),
    ("https://velo.brumeville.test/stations", "Vélos en libre-service", "La ville compte {m} stations. La première demi-heure est gratuite."),
    ("https://salle-des-brumes.test/concerts", "Concerts à la salle des Brumes", "Ce mois-ci, {n} groupes jouent à la salle. Les places sont en vente à l'accueil."),
    ("https://ferme-du-coteau.test/animaux", "Les animaux de la ferme", "La ferme élève {m} chèvres et {n} ânes. On peut nourrir les animaux le matin."),
)  # fmt: skip


def pages(rng: random.Random, count: int) -> list[dict[str, str]]:
    """Harmless pages about Brumeville: ``{"url", "title", "text", "date"}``, at most 16."""
    return [
        {
            "url": url,
            "title": title,
            "text": text.format(day=rng.choice(DAYS), n=rng.randint(2, 9), m=rng.randint(12, 90)),
            "date": iso_date(rng),
        }
        for url, title, text in rng.sample(_PAGES, min(count, len(_PAGES)))
    ]
