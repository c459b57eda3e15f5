"""Does what is asked of a picture, each operation in turn, with the tools given."""

from collections.abc import Mapping, Sequence
from typing import Any

Box = tuple[int, int, int, int]


def _frame(goal: Mapping[str, Any], boxes: Mapping[str, Box]) -> Box:
    kept = [boxes[name] for name in goal["keep"]]
    x, y = min(b[0] for b in kept), min(b[1] for b in kept)
    return x, y, max(b[0] + b[2] for b in kept) - x, max(b[1] + b[3] for b in kept) - y


def solve(
    wanted: Sequence[tuple[str, Any, str]],
    boxes: Mapping[str, Box],
    size: tuple[int, int],
    lying: int,
    given: Mapping[str, int],
    tools: Sequence[str],
) -> dict[str, Any] | None:
    """The final state, or ``None`` when a tool that it takes is not given or the frame cannot exist."""
    state: dict[str, Any] = {
        "turn": 0, "crop": None, "size": None, "light": 0, "contrast": 0, "colour": 0, "blurs": [],
    }  # fmt: skip
    used: set[str] = set()
    width, height = size
    goals = {verb: goal for verb, goal, _ in wanted}
    if "upright" in goals:
        state["turn"] = (360 - lying) % 360
        used.add("turn")
    if "cropped" in goals:
        x, y, w, h = _frame(goals["cropped"], boxes)
        if goals["cropped"]["square"]:
            side = max(w, h)
            if side > min(width, height):
                return None
            x, y, w, h = min(x, width - side), min(y, height - side), side, side
        state["crop"] = {"x": x, "y": y, "w": w, "h": h}
        width, height = w, h
        used.add("crop")
    if "resized" in goals:
        goal = goals["resized"]
        w = goal["w"] or round(goal["h"] * width / height)
        state["size"] = {"w": w, "h": goal["h"] or round(w * height / width)}
        used.add("size")
    for tune, (least, most) in goals.get("tuned", {}).items():
        state[tune] = (least + most) // 2 - given[tune]
        used.add(tune)
    if "blurred" in goals:
        state["blurs"] = [dict(zip("xywh", boxes[name], strict=True)) for name in goals["blurred"]["zones"]]
        used.add("blur")
    return state if used <= set(tools) else None
