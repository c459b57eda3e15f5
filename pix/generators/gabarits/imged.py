"""IMGED: a drawn picture to turn, crop, resize, tune and hide in part; every operation is a number, so every one has a field."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.params import Reader, goals
from pix.generators.solving import imged as solving
from pix.generators.states import Malformed

OBJECTS: Mapping[str, str] = {
    "phare": "le phare",
    "bateau": "le bateau",
    "arbre": "l'arbre",
    "velo": "le vélo",
    "poubelle": "la poubelle",
    "banc": "le banc",
    "maison": "la maison",
    "visage": "le visage",
    "plaque": "la plaque du vélo",
    "panneau": "le panneau avec l'adresse",
    "ballon": "le ballon",
    "oiseau": "l'oiseau",
}
GROUNDS = ("mer", "cour", "champ")
TOOLS = ("turn", "crop", "size", "light", "contrast", "colour", "blur")
TUNES = ("light", "contrast", "colour")
GOALS = ("upright", "cropped", "resized", "tuned", "blurred")
MOST_SIDE, MOST_BLURS = 8_000, 8

Box = tuple[int, int, int, int]


def overlap(a: Box, b: Box) -> int:
    """Area that two boxes (x, y, width, height) share."""
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, wide) * max(0, high)


def hull(boxes: Sequence[Box]) -> Box:
    x, y = min(b[0] for b in boxes), min(b[1] for b in boxes)
    return x, y, max(b[0] + b[2] for b in boxes) - x, max(b[1] + b[3] for b in boxes) - y


def _whole(value: Any, low: int, high: int, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Malformed(f"Un nombre est illisible ou trop grand : {what}.")
    return value


def _box(value: Any, width: int, height: int, what: str) -> Box:
    given = states.mapping(value, what)
    x, y = _whole(given.get("x"), 0, width, what), _whole(given.get("y"), 0, height, what)
    w, h = _whole(given.get("w"), 1, width, what), _whole(given.get("h"), 1, height, what)
    if x + w > width or y + h > height:
        raise Malformed(f"{what} sort de l'image.")
    return x, y, w, h


def _places(
    rng: random.Random, names: list[str], size: tuple[int, int], keep: set[str], drop: set[str]
) -> dict[str, Box]:
    """One column an object; no object to leave out stands between two objects to keep."""
    width, height = size
    column = width // len(names)
    side = min(column * 3 // 4, height // 2) // 10 * 10
    while True:
        rng.shuffle(names)
        boxes = {}
        for rank, name in enumerate(names):
            spare = max(1, (column - side) // 10)
            x = rank * column + rng.randrange(spare) * 10
            boxes[name] = (x, height - side - rng.randrange(2, 12) * height // 400 * 10, side, side)
        frame = hull([boxes[name] for name in keep]) if keep else (0, 0, 1, 1)
        if not keep or not any(overlap(frame, boxes[name]) for name in drop):
            return boxes


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters and goals: docs/gabarits.md, IMGED."""
    reader = Reader(params, "IMGED", rng)
    name, ground = reader.text("name", "photo.jpg"), reader.choice("ground", GROUNDS, "mer")
    width, height = reader.whole("width", 1200, 200, 6000), reader.whole("height", 800, 200, 6000)
    names = reader.texts("objects", None)
    if not 1 <= len(names) <= 6 or len(set(names)) != len(names) or not set(names) <= set(OBJECTS):
        raise reader.fail("objects", f"one to six, different, among {', '.join(OBJECTS)}")
    lying = {"0": 0, "90": 90, "180": 180, "270": 270}[reader.choice("lying", ("0", "90", "180", "270"), "0")]
    given = {tune: reader.whole(f"given_{tune}", 0, -60, 60) for tune in TUNES}
    tools = reader.subset("tools", TOOLS)
    read: list[tuple[str, Reader]] = list(goals(reader, GOALS))
    reader.done()
    wanted: list[tuple[str, Any, str]] = []
    keep, drop = set[str](), set[str]()
    for verb, goal in read:
        if verb == "upright":
            goal.boolean(verb)
            value: Any = True
        elif verb == "tuned":
            spec = goal.sub(verb)
            value = {tune: spec.raw(tune) for tune in TUNES if spec.has(tune)}
            for tune, bounds in value.items():
                if not isinstance(bounds, list) or len(bounds) != 2 or not all(isinstance(n, int) for n in bounds):
                    raise spec.fail(tune, "[least, most] is expected")
            spec.done()
        else:
            spec = goal.sub(verb)
            if verb == "cropped":
                value = {"keep": spec.texts("keep", None), "drop": spec.texts("drop"), "square": spec.boolean("square")}
                keep, drop = keep | set(value["keep"]), drop | set(value["drop"])
            elif verb == "resized":
                value = {side: spec.whole(side, 0, 0, MOST_SIDE) for side in ("w", "h")}
                if not (value["w"] or value["h"]):
                    raise spec.fail("w", "w, h or both are expected")
            else:
                value = {"zones": spec.texts("zones", None), "clear": spec.texts("clear")}
            listed = [zone for key in ("keep", "drop", "zones", "clear") for zone in value.get(key, ())]
            if not set(listed) <= set(names):
                raise spec.fail(verb, "an object that is not in the picture")
            spec.done()
        wanted.append((verb, value, goal.text("say", "")))
        goal.done()
    boxes = _places(rng, list(names), (width, height), keep, drop)
    named = {verb for verb, _, _ in wanted}
    asked = {"turn"} if "upright" in named else set[str]()
    asked |= {tool for verb, tool in (("cropped", "crop"), ("resized", "size"), ("blurred", "blur")) if verb in named}
    asked |= {tune for verb, value, _ in wanted if verb == "tuned" for tune in value}

    @states.judged
    def check(value: Any) -> list[str]:
        state = states.mapping(value)
        turn = _whole(state.get("turn"), 0, 270, "la rotation")
        if turn % 90:
            raise Malformed("La rotation est illisible.")
        wide, high = (width, height) if (lying + turn) % 180 == 0 else (height, width)
        crop = None if state.get("crop") is None else _box(state["crop"], wide, high, "Le cadre")
        size = None
        if state.get("size") is not None:
            raw = states.mapping(state["size"], "La taille")
            size = (_whole(raw.get("w"), 1, MOST_SIDE, "la largeur"), _whole(raw.get("h"), 1, MOST_SIDE, "la hauteur"))
        tunes = {tune: _whole(state.get(tune), -100, 100, "un réglage") for tune in TUNES}
        blurs = [
            _box(b, wide, high, "Une zone floutée") for b in states.items(state.get("blurs"), "Les zones", MOST_BLURS)
        ]
        used = {"turn": bool(turn), "crop": crop is not None, "size": size is not None, "blur": bool(blurs)}
        used |= {tune: bool(tunes[tune]) for tune in TUNES}
        unmet = [f"{WORDS[tool]} n'était pas demandé." for tool in TOOLS if used[tool] and tool not in asked]
        if any(used[tool] for tool in TOOLS if tool not in tools):
            raise Malformed("Un outil absent a servi.")
        upright = (lying + turn) % 360 == 0
        shown = crop or (0, 0, wide, high)
        for verb, goal, say in wanted:
            why = ""
            if verb == "upright":
                why = "" if upright else "L'image n'est pas à l'endroit."
            elif not upright:
                why = "L'image n'est pas à l'endroit."
            elif verb == "cropped":
                why = _crop_problem(goal, boxes, crop)
            elif verb == "resized":
                why = _size_problem(goal, shown, size)
            elif verb == "tuned":
                for tune, (least, most) in goal.items():
                    if not least <= given[tune] + tunes[tune] <= most:
                        why = f"{WORDS[tune]} n'est pas au bon niveau."
            else:
                why = _blur_problem(goal, boxes, blurs)
            if why:
                unmet.append(say or why)
        return unmet

    state = {
        "gabarit": "IMGED", "name": name, "ground": ground, "width": width, "height": height, "lying": lying, "tools": tools,
        "given": given,
        "objects": [
            {"kind": kind, "describe": OBJECTS[kind], **dict(zip("xywh", box, strict=True))} for kind, box in boxes.items()
        ],
    }  # fmt: skip
    return Draw(
        state=state, check=check, solve=lambda: solving.solve(wanted, boxes, (width, height), lying, given, tools)
    )


WORDS: Mapping[str, str] = {
    "turn": "La rotation",
    "crop": "Le recadrage",
    "size": "Le changement de taille",
    "light": "La lumière",
    "contrast": "Le contraste",
    "colour": "La force des couleurs",
    "blur": "Le floutage",
}


def _crop_problem(goal: Mapping[str, Any], boxes: Mapping[str, Box], crop: Box | None) -> str:
    if crop is None:
        return "L'image n'est pas recadrée."
    for zone in goal["keep"]:
        if overlap(crop, boxes[zone]) < boxes[zone][2] * boxes[zone][3]:
            return f"Le cadre coupe quelque chose à garder : {OBJECTS[zone]}."
    for zone in goal["drop"]:
        if overlap(crop, boxes[zone]) * 20 > boxes[zone][2] * boxes[zone][3]:
            return f"On voit encore quelque chose à enlever : {OBJECTS[zone]}."
    if goal["square"] and abs(crop[2] - crop[3]) > 2:
        return "Le cadre n'est pas carré."
    return ""


def _size_problem(goal: Mapping[str, int], shown: Box, size: tuple[int, int] | None) -> str:
    if size is None:
        return "La taille n'a pas changé."
    for wanted, got, word in ((goal["w"], size[0], "largeur"), (goal["h"], size[1], "hauteur")):
        if wanted and abs(wanted - got) > 1:
            return f"La {word} n'est pas celle qui est demandée."
    if abs(size[0] * shown[3] - size[1] * shown[2]) > max(shown[2], shown[3]) + max(size) // 100:
        return "L'image est déformée : sa largeur et sa hauteur n'ont pas changé ensemble."
    return ""


def _blur_problem(goal: Mapping[str, Any], boxes: Mapping[str, Box], blurs: list[Box]) -> str:
    for zone in goal["zones"]:
        if not any(overlap(blur, boxes[zone]) * 100 >= boxes[zone][2] * boxes[zone][3] * 95 for blur in blurs):
            return f"On reconnaît encore quelque chose à flouter : {OBJECTS[zone]}."
    for zone in goal["clear"]:
        if any(overlap(blur, boxes[zone]) * 10 > boxes[zone][2] * boxes[zone][3] for blur in blurs):
            return f"Une partie floutée devait rester nette : {OBJECTS[zone]}."
    return ""
