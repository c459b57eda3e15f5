"""META: the properties of files or photos, in tables beside the true files: find a date, an author, a device, a place (1.2.7)."""

import random
from collections.abc import Mapping
from typing import Any

from pix.core.texts import search_key, squeeze
from pix.generators import states, world
from pix.generators.contract import Draw, File
from pix.generators.files.small import MEDIA_TYPES, build
from pix.generators.params import Reader, goals
from pix.generators.states import Malformed


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Goals and their meaning: docs/gabarits.md, META."""
    reader = Reader(params, "META", rng)
    title, download = reader.text("title", "Propriétés"), reader.boolean("download")
    shuffled = reader.boolean("shuffled", True)
    label = reader.text("answer_label", "")
    files: list[dict[str, Any]] = []
    for entry in reader.subs("files", None):
        raw = entry.raw("properties")
        if not isinstance(raw, Mapping) or not raw:
            raise entry.fail("properties", "a mapping of properties is expected")
        name = entry.text("name")
        lines = [{"label": str(key), "value": entry.as_text(value, str(key))} for key, value in raw.items()]
        files.append({"name": name, "kind": world.kind_of(name), "picture": entry.text("picture", ""), "lines": lines})
        entry.done()
    names = [file["name"] for file in files]
    if not files or len(set(names)) != len(names):
        raise reader.fail("files", "files with different names are expected")
    if shuffled:
        rng.shuffle(files)
    ids = {file["name"]: f"f{rank}" for rank, file in enumerate(files, 1)}
    for file in files:
        file["id"] = ids[file["name"]]
    known_lines = {f"{file['id']}:{rank}" for file in files for rank in range(len(file["lines"]))}
    chosen: list[str] | None = None
    lines_wanted: list[str] | None = None
    answers: list[str] | None = None
    says = {
        "chosen": "Ce n'est pas le bon fichier.",
        "line": "Ce n'est pas la bonne ligne des propriétés.",
        "answer": "La réponse n'est pas celle des propriétés.",
    }
    for verb, goal in goals(reader, ("chosen", "line", "answer")):
        says[verb] = goal.text("say", says[verb])
        if verb == "answer":
            answers = goal.texts(verb, None)
        elif verb == "chosen":
            chosen = []
            for name in goal.texts(verb, None):
                if name not in ids:
                    raise goal.fail(verb, f"no file {name!r}")
                chosen.append(ids[name])
        else:
            detail = goal.sub(verb)
            name = detail.text("file", files[0]["name"] if len(files) == 1 else None)
            labels = detail.texts("label", None)
            if name not in ids:
                raise detail.fail("file", f"no file {name!r}")
            file = next(file for file in files if file["name"] == name)
            lines_wanted = [f"{ids[name]}:{rank}" for rank, line in enumerate(file["lines"]) if line["label"] in labels]
            if len(lines_wanted) != len(labels):
                raise detail.fail("label", f"a line that {name!r} does not have")
            detail.done()
        goal.done()
    reader.done()

    @states.judged
    def check(value: Any) -> list[str]:
        state = states.mapping(value)
        picked = states.text_or_none(state.get("file"), "Le fichier")
        line = states.text_or_none(state.get("line"), "La ligne")
        given = squeeze(search_key(states.text(state.get("answer", ""), "La réponse", 400)))
        if (picked is not None and picked not in ids.values()) or (line is not None and line not in known_lines):
            raise Malformed("La réponse est illisible.")
        unmet = []
        if chosen is not None and picked not in chosen:
            unmet.append(says["chosen"])
        if lines_wanted is not None and line not in lines_wanted:
            unmet.append(says["line"])
        if answers is not None and given not in [squeeze(search_key(text)) for text in answers]:
            unmet.append(says["answer"])
        return unmet

    def content(file: Mapping[str, Any]) -> str:
        return "\n".join([file["name"], *(f"{line['label']} : {line['value']}" for line in file["lines"])])

    def to_download(file: Mapping[str, Any]) -> File:
        media = MEDIA_TYPES.get(file["name"].rsplit(".", 1)[-1].lower(), "application/octet-stream")
        return File(file["name"], media, lambda: build(file["name"], content(file)))

    return Draw(
        state={
            "gabarit": "META", "title": title, "files": files, "choose": chosen is not None, "point": lines_wanted is not None,
            "answer_label": label or ("Ta réponse" if answers is not None else ""),
        },
        files=tuple(to_download(file) for file in files) if download else (),
        check=check,
        solve=lambda: {
            "file": chosen[0] if chosen else None, "line": lines_wanted[0] if lines_wanted else None, "answer": answers[0] if answers else "",
        },
    )  # fmt: skip
