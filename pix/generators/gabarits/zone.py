"""ZONE: point at the right place of a drawn scene."""

import random
from collections.abc import Mapping
from typing import Any

from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.gabarits.scenes import LOOKS, SCENES
from pix.generators.params import Reader
from pix.generators.states import Malformed


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters and built-in scenes: docs/gabarits.md, ZONE."""
    reader = Reader(params, "ZONE", rng)
    name = reader.choice("scene", [*SCENES, "boxes"])
    if name == "boxes":
        scene: dict[str, Any] = {
            "width": reader.whole("width", 640, 100, 2000), "height": reader.whole("height", 360, 60, 2000), "alt": reader.text("alt"), "zones": [],
        }  # fmt: skip
        for entry in reader.subs("zones", None):
            scene["zones"].append(
                {
                    "id": entry.text("id"),
                    "look": entry.choice("look", LOOKS, "panel"),
                    "text": entry.text("text", ""),
                    "shape": "",
                }
                | {side: entry.whole(side, None, 0, 2000) for side in ("x", "y", "w", "h")}
                | {"describe": entry.text("describe")}
            )
            entry.done()
    else:
        scene = SCENES[name](rng)
    accepted, several = reader.texts("answer", None), reader.boolean("several")
    reader.done()
    # Zone names such as « annonce » would give the answer away in the page.
    ids = {zone["id"]: f"z{rank + 1}" for rank, zone in enumerate(scene["zones"])}
    if len(ids) != len(scene["zones"]) or not set(accepted) <= set(ids):
        raise reader.fail("answer", f"among the zones {', '.join(ids)}")
    wanted = {ids[zone] for zone in accepted}
    shown = [zone["describe"] for zone in scene["zones"] if zone["id"] in accepted]
    zones = [zone | {"id": ids[zone["id"]]} for zone in scene["zones"]]

    @states.judged
    def check(value: Any) -> list[str]:
        given = set(states.texts(states.mapping(value).get("zones"), "Les zones", 100))
        if not given <= set(ids.values()):
            raise Malformed("La zone choisie est inconnue.")
        right = given == wanted if several else len(given) == 1 and given <= wanted
        return [] if right else ["Ce n'est pas la bonne zone."]

    return Draw(
        state={"gabarit": "ZONE", **scene, "zones": zones, "several": several},
        check=check,
        solve=lambda: {"zones": [ids[zone] for zone in (accepted if several else accepted[:1])]},
        shown_solution=" · ".join(shown),
    )
