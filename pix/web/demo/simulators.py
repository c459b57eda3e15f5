"""What the gallery shows of the simulators: one small invented question each, drawn once."""

import json
import random
from collections.abc import Mapping
from typing import Any

from pix.generators.registry import GABARITS

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "TAB": {
        "title": "Vente de gâteaux",
        "rows": [
            ["Gâteau", "Nombre", "Prix", "Total"],
            ["Tarte", 12, "1,50 €", "=B2*C2"],
            ["Cookie", 30, "0,80 €"],
            ["Cake", 18, "1,20 €"],
            ["En tout", "=SOMME(B2:B4)"],
        ],
        "lines": 7,
        "columns": 5,
        "data": "A2:D4",
        "formats": {"D2:D5": "euro"},
        "goals": [{"formula": {"at": "D2:D4", "like": "=B2*C2"}}],
    },
    "FORM": {
        "title": "Inscription au club photo",
        "fields": [
            {"id": "prenom", "label": "Ton prénom", "required": True},
            {"id": "jour", "label": "Ton jour", "kind": "radio", "options": ["mardi", "jeudi"]},
            {"id": "debut", "label": "Première séance", "kind": "date"},
            {"id": "mdp", "label": "Mot de passe de ta messagerie", "help": "Pour te retrouver plus vite."},
        ],
        "goals": [{"flagged": ["mdp"]}, {"field": "jour", "is": "jeudi"}],
        "submit": "Envoyer",
    },
    "META": {
        "title": "Propriétés du fichier",
        "files": [
            {"name": "lac.jpg", "picture": "Un lac et une barque", "properties": {"Taille": "1,4 Mo", "Prise le": "12/03/2026 à 10:42"}},
            {"name": "expose.odt", "properties": {"Taille": "84 ko", "Auteur": "Inaya", "Modifié le": "18/03/2026"}},
        ],
        "goals": [{"chosen": "expose.odt"}, {"answer": ["Inaya"]}],
    },
    "NAV": {
        "pages": [
            {"url": "https://www.musee.test/phare", "title": "Le phare", "body": ["Le phare date de 1894.", {"link": "Venir", "to": "https://www.musee.test/venir"}]},
            {"url": "https://www.musee.test/venir", "title": "Venir", "body": ["Tramway, arrêt Halle."]},
        ],
        "sites": [{"host": "www.musee.test", "name": "Musée du Phare", "banner": {"text": "Ce site utilise des cookies.", "purposes": [{"id": "base", "label": "Nécessaires", "locked": True}, {"id": "pub", "label": "Publicité"}]}}],
        "open": ["https://www.musee.test/phare"],
        "folders": ["Exposé"],
        "goals": [{"bookmark": {"url": "https://www.musee.test/phare", "folder": "Exposé"}}],
    },
    "URL": {"mode": "name", "address": "https://mediatheque.brumeville.test/livres/volcans.html"},
    "QR": {
        "codes": [
            {"id": "vrai", "label": "Affiche bleue", "text": "https://www.musee.test/nuit"},
            {"id": "faux", "label": "Affiche verte", "text": "https://musee.test.gros-lots.test/nuit"},
        ],
        "choice": "vrai",
    },
    "PHISH": {"traps": 2, "genuine": "2", "level": 2, "clues": 2},
    "TROUS": {
        "text": "J'en parle à [[qui]].\nJ'appelle le [[numero]], c'est [[prix]].",
        "gaps": {
            "qui": "un adulte",
            "numero": {"label": "Le numéro", "accept": ["3018", "30 18"]},
            "prix": {"options": ["gratuit", "payant"], "is": "gratuit"},
        },
        "decoys": ["personne"],
    },
}  # fmt: skip


def simulators() -> list[dict[str, str]]:
    """``{code, element, state}`` of each example."""
    found = []
    for code, params in EXAMPLES.items():
        state = GABARITS[code](random.Random(7), params).state
        found.append(
            {
                "code": code,
                "element": f"pix-{code.lower()}",
                "state": json.dumps(state, ensure_ascii=False, separators=(",", ":")),
            }
        )
    return found
