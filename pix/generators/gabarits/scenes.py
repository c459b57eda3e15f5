"""Drawn scenes of ZONE: rectangles and shapes with a neutral description each, no picture from anywhere."""

import random
from typing import Any

Shape = dict[str, Any]
LOOKS = ("text", "link", "title", "field", "button", "picture", "panel", "icon", "ad")


def _zone(zone_id: str, x: int, y: int, w: int, h: int, look: str, text: str, describe: str, shape: str = "") -> Shape:
    return {
        "id": zone_id,
        "x": x,
        "y": y,
        "w": w,
        "h": h,
        "look": look,
        "text": text,
        "describe": describe,
        "shape": shape,
    }


def _results(rng: random.Random) -> dict[str, Any]:
    subject, site = rng.choice(
        [
            ("la loutre", "encyclo-brume.test/loutre"),
            ("le lac de Brumeville", "encyclo-brume.test/lac"),
            ("le musée du Phare", "musee-du-phare.test/visite"),
        ]
    )
    name = subject.split(" ", 1)[1]
    name = name[0].upper() + name[1:]
    zones = [
        _zone("barre", 20, 16, 480, 40, "field", subject, f"Rectangle en haut, où est écrit « {subject} »"),
        _zone("images_onglet", 90, 66, 80, 26, "link", "Images", "Mot « Images », sous le rectangle du haut"),
        _zone(
            "annonce",
            20,
            104,
            600,
            62,
            "ad",
            "Sponsorisé — boutique-du-lac.test : tout à −50 %",
            "Premier bloc : « Sponsorisé — boutique-du-lac.test »",
        ),
        _zone("adresse", 20, 184, 420, 24, "text", f"https://{site}", f"Petite ligne « https://{site} »"),
        _zone(
            "titre",
            20,
            210,
            420,
            32,
            "title",
            f"{name} — Encyclo-Brume",
            f"Grosse ligne soulignée « {name} — Encyclo-Brume »",
        ),
        _zone(
            "extrait",
            20,
            246,
            600,
            44,
            "text",
            f"Tout savoir sur {subject} : histoire, photos…",
            f"Deux lignes grises « Tout savoir sur {subject}… »",
        ),
        _zone("suivante", 250, 320, 160, 34, "link", "1  2  3  Suivant", "Chiffres « 1 2 3 Suivant », en bas"),
    ]
    return {"width": 640, "height": 370, "alt": "Une page de résultats du moteur Cherchéa", "zones": zones}


def _browser(_: random.Random) -> dict[str, Any]:
    zones = [
        _zone(
            "onglet",
            16,
            10,
            190,
            34,
            "panel",
            "Mairie de Brumeville",
            "Étiquette en haut à gauche, « Mairie de Brumeville »",
        ),
        _zone("nouvel_onglet", 212, 12, 32, 30, "button", "+", "Petit signe « + », tout en haut"),
        _zone("precedent", 16, 52, 34, 34, "button", "←", "Flèche vers la gauche"),
        _zone("actualiser", 56, 52, 34, 34, "button", "⟳", "Flèche qui tourne"),
        _zone("cadenas", 98, 52, 34, 34, "icon", "", "Petit dessin tout à gauche de la longue barre blanche", "lock"),
        _zone(
            "adresse",
            134,
            52,
            370,
            34,
            "field",
            "https://www.brumeville.test",
            "Longue barre blanche, « https://www.brumeville.test »",
        ),
        _zone("favori", 508, 52, 34, 34, "button", "☆", "Étoile, à droite de la barre"),
        _zone("telechargements", 548, 52, 34, 34, "button", "⤓", "Flèche vers le bas, posée sur un trait"),
        _zone("menu", 588, 52, 34, 34, "button", "⋮", "Trois points, en haut à droite"),
        _zone(
            "page",
            16,
            98,
            608,
            240,
            "panel",
            "Bienvenue à Brumeville",
            "Grand espace du bas, « Bienvenue à Brumeville »",
        ),
    ]
    return {"width": 640, "height": 356, "alt": "Une fenêtre de navigateur", "zones": zones}


def _ports(rng: random.Random) -> dict[str, Any]:
    kinds = [
        ("usb_a", "port-usb-a", "Fente rectangulaire plate, avec une languette à l'intérieur"),
        ("usb_c", "port-usb-c", "Petite fente ovale"),
        ("hdmi", "port-hdmi", "Fente large à deux coins coupés en bas"),
        ("jack", "port-jack", "Petit trou rond avec un casque dessiné au-dessus"),
        ("ethernet", "port-ethernet", "Trou presque carré avec une encoche et des fils dorés"),
        ("alimentation", "port-power", "Trou rond avec une pointe au centre et un éclair dessiné"),
    ]
    rng.shuffle(kinds)
    zones = [
        _zone(
            zone_id,
            30 + 196 * (rank % 3),
            34 + 120 * (rank // 3),
            180,
            96,
            "panel",
            "",
            f"Prise {rank + 1} : {describe[0].lower()}{describe[1:]}",
            shape,
        )
        for rank, (zone_id, shape, describe) in enumerate(kinds)
    ]
    return {"width": 640, "height": 280, "alt": "Le côté d'un ordinateur, avec six prises", "zones": zones}


_TABLE = [
    {"x": 240, "y": 246, "w": 300, "h": 10},
    {"x": 512, "y": 256, "w": 12, "h": 106},
    {"x": 0, "y": 362, "w": 640, "h": 4},
]


def _desk(_: random.Random) -> dict[str, Any]:
    zones = [
        _zone("fenetre", 20, 20, 120, 140, "picture", "", "À gauche : un grand rectangle clair au mur", "window"),
        _zone("haut_ecran", 300, 70, 200, 26, "panel", "", "Bord du haut du rectangle posé sur la table", "bar"),
        _zone("ecran", 300, 98, 200, 96, "panel", "", "Grand rectangle posé sur la table", "screen"),
        _zone("clavier", 280, 216, 150, 28, "panel", "", "Bande de petites touches sur la table", "keyboard"),
        _zone("souris", 446, 214, 40, 32, "panel", "", "Petit ovale à côté des touches", "mouse"),
        _zone("dossier_chaise", 150, 180, 60, 130, "panel", "", "Partie haute et verticale du siège", "chair"),
        _zone("pieds", 210, 330, 130, 30, "panel", "", "En bas : sous la table, au sol", "feet"),
    ]
    return {
        "width": 640,
        "height": 380,
        "alt": "Un poste de travail : une table, un écran, un siège",
        "zones": zones,
        "decor": _TABLE,
    }


def _message(rng: random.Random) -> dict[str, Any]:
    who = rng.choice(["awa.diallo@college-lumiere.test", "contact@galets.test", "cdi@college-lumiere.test"])
    zones = [
        _zone("expediteur", 20, 20, 420, 28, "text", f"De : {who}", f"Ligne « De : {who} »"),
        _zone("destinataire", 20, 52, 420, 28, "text", "À : toi@plume.test", "Ligne « À : toi@plume.test »"),
        _zone("objet", 20, 86, 600, 36, "title", "Sortie de vendredi", "Grosse ligne « Sortie de vendredi »"),
        _zone(
            "corps",
            20,
            130,
            600,
            120,
            "panel",
            "Bonjour, voici le programme de la sortie…",
            "Grand cadre « Bonjour, voici le programme… »",
        ),
        _zone("piece_jointe", 20, 262, 240, 36, "button", "programme.pdf (240 ko)", "Cadre « programme.pdf (240 ko) »"),
        _zone("repondre", 20, 312, 140, 40, "button", "↩ Répondre", "Bouton « ↩ Répondre »"),
        _zone("corbeille", 560, 20, 56, 40, "icon", "", "Petit dessin en haut à droite", "bin"),
    ]
    return {"width": 640, "height": 370, "alt": "Un message ouvert dans Plume", "zones": zones}


def _bar(rng: random.Random) -> dict[str, Any]:
    kinds = [
        ("batterie", "battery", "Une boîte allongée avec trois traits dedans"),
        ("son", "speaker", "Un cône d'où partent deux vagues"),
        ("reseau", "bars", "Quatre barres de plus en plus hautes"),
        ("luminosite", "sun", "Un rond entouré de rayons"),
        ("notifications", "bell", "Une cloche"),
    ]
    rng.shuffle(kinds)
    zones = [
        _zone(
            zone_id,
            20 + 122 * rank,
            20,
            96,
            96,
            "icon",
            "",
            f"Signe {rank + 1} : {describe[0].lower()}{describe[1:]}",
            shape,
        )
        for rank, (zone_id, shape, describe) in enumerate(kinds)
    ]
    return {"width": 640, "height": 136, "alt": "La barre d'un ordinateur, avec cinq signes", "zones": zones}


SCENES = {
    "resultat": _results,
    "navigateur": _browser,
    "connecteurs": _ports,
    "poste": _desk,
    "page_courriel": _message,
    "barre": _bar,
}
