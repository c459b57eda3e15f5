"""F14: a file whose extension lies: its first signs tell its true type (1.2.2-N4)."""

import random
from collections.abc import Mapping
from typing import Any

from pix.generators import world
from pix.generators.contract import Draw, File, Preview
from pix.generators.files.office import zip_bytes
from pix.generators.files.small import build
from pix.generators.params import Reader

_FIRST_SIGNS = {
    "pdf": "commence par « %PDF »", "png": "commence par « ‰PNG »", "gif": "commence par « GIF89a »", "zip": "commence par « PK »",
    "wav": "commence par « RIFF » puis « WAVE »", "txt": "contient seulement du texte lisible", "html": "commence par « <!doctype html> »",
}  # fmt: skip
_MEDIA = {
    "pdf": "application/pdf",
    "png": "image/png",
    "gif": "image/gif",
    "zip": "application/zip",
    "wav": "audio/wav",
    "txt": "text/plain",
    "html": "text/html",
}


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters: docs/gabarits.md, F14."""
    reader = Reader(params, "F14", rng)
    ask = reader.choice("ask", ("file", "type"), "file")
    reader.done()
    stems = rng.sample(world.FILE_STEMS, 4)
    types = rng.sample(sorted(_FIRST_SIGNS), 4)
    true_type = rng.choice([kind for kind in sorted(_FIRST_SIGNS) if kind not in types[:1]])
    texts = [f"Brumeville {word}" for word in rng.sample(world.SECRET_WORDS, 4)]
    liar_name = f"{stems[0]}.{types[0]}"
    if ask == "type":
        content_name = f"x.{true_type}"
        return Draw(
            values={"f1": liar_name, "fichier": liar_name},
            solution=f"{true_type}\n.{true_type}" + ("\ntexte" if true_type == "txt" else ""),
            files=(File(liar_name, "application/octet-stream", lambda: build(content_name, texts[0])),),
            preview=Preview("list", {"items": [f"{liar_name} : {_FIRST_SIGNS[true_type]}"]}),
            shown_solution=f".{true_type}",
        )
    members = [(liar_name, true_type, texts[0])] + [
        (f"{stem}.{kind}", kind, text) for stem, kind, text in zip(stems[1:], types[1:], texts[1:], strict=True)
    ]
    rng.shuffle(members)
    name = f"pieces-{rng.randint(100, 999)}.zip"

    def archive() -> bytes:
        return zip_bytes({shown: build(f"x.{kind}", text) for shown, kind, text in members})

    rank = next(index for index, (shown, _, _) in enumerate(members) if shown == liar_name)
    return Draw(
        values={f"f{index + 1}": shown for index, (shown, _, _) in enumerate(members)} | {"fichier": name},
        solution=str(rank + 1),
        files=(File(name, _MEDIA["zip"], archive),),
        preview=Preview("list", {"items": [f"{shown} : {_FIRST_SIGNS[kind]}" for shown, kind, _ in members]}),
        shown_solution=f"{liar_name} est en réalité un fichier .{true_type}",
    )
