"""F13: a zip of a folder tree with its decoys: follow a path, look into a folder (1.2.1 to 1.2.3)."""

import random
from collections.abc import Mapping
from typing import Any

from pix.generators import world
from pix.generators.contract import Draw, File, Preview
from pix.generators.files.office import ZipDate, zip_bytes
from pix.generators.files.small import build
from pix.generators.params import Reader

ASKS = ("word", "where", "count", "biggest", "newest")
_EXTENSIONS = ("txt", "txt", "odt", "ods", "png", "csv", "pdf", "html")
_FOLDERS = (
    "Archives",
    "Brouillons",
    "Club",
    "Exposés",
    "Groupe A",
    "Groupe B",
    "Images",
    "Rendus",
    "Semaine 1",
    "Semaine 2",
    "Sorties",
    "Trimestre 1",
    "Trimestre 2",
    "À revoir",
)


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters: docs/gabarits.md, F13."""
    reader = Reader(params, "F13", rng)
    count, depth = reader.whole("files", 60, 40, 120), reader.whole("depth", 3, 2, 5)
    ask = reader.choice("ask", ASKS, "word")
    reader.done()
    root = f"cartable-{rng.randint(100, 999)}"
    folders = _tree(rng, depth, max(10, count // 6))
    deepest = [path for path in folders if path.count("/") == depth - 1]
    target_folder = rng.choice(deepest)
    stem = rng.choice(world.FILE_STEMS)
    target = f"{stem}.txt"
    words = rng.sample(world.SECRET_WORDS, len(world.SECRET_WORDS))
    paths: dict[str, str] = {}
    # Decoys: same name elsewhere (not for « where », which asks for the only place), neighbours beside the target.
    twins = (
        []
        if ask == "where"
        else rng.sample([path for path in folders if path != target_folder], min(5, len(folders) - 1))
    )
    for place in [target_folder, *twins]:
        paths[f"{place}/{target}"] = words.pop()
    neighbours = rng.randint(4, 9)
    while len(paths) < count:
        place = target_folder if neighbours > 0 else rng.choice(folders)
        name = f"{rng.choice(world.FILE_STEMS)}.{rng.choice(_EXTENSIONS)}"
        if rng.random() < 0.3:
            name = f"{name.rsplit('.', 1)[0]}-{rng.randint(2, 9)}.{name.rsplit('.', 1)[1]}"
        path = f"{place}/{name}"
        if path not in paths and name != target:
            paths[path] = words.pop() if words else rng.choice(world.SECRET_WORDS)
            neighbours -= 1
    inside = [path for path in paths if path.rsplit("/", 1)[0] == target_folder]
    texts = {path: f"Le mot de ce fichier est : {word}" for path, word in paths.items()}
    dates = {path: _date(rng) for path in paths}
    if ask == "biggest":
        big = rng.choice([path for path in inside if path.endswith(".txt")])
        texts[big] += "\r\n" + "\r\n".join(
            f"{line:04d} {rng.choice(world.SECRET_WORDS)}" for line in range(rng.randint(900, 1800))
        )
    else:
        big = inside[0]
    newest = rng.choice(inside)
    if ask == "newest":
        dates[newest] = (2026, rng.randint(3, 6), rng.randint(1, 28), rng.randint(8, 18), 0, 0)

    def leaf(path: str) -> str:
        return path.rsplit("/", 1)[-1]

    solution = {
        "word": paths[f"{target_folder}/{target}"],
        "where": leaf(target_folder),
        "count": str(len(inside)),
        "biggest": f"{leaf(big)}\n{leaf(big).rsplit('.', 1)[0]}",
        "newest": f"{leaf(newest)}\n{leaf(newest).rsplit('.', 1)[0]}",
    }[ask]
    if ask in ("biggest", "newest"):
        chosen = leaf(big if ask == "biggest" else newest)
        if sum(leaf(path).rsplit(".", 1)[0] == chosen.rsplit(".", 1)[0] for path in inside) > 1:
            # Two neighbours of the same stem: only the full name tells them apart.
            solution = chosen
    name = f"{root}.zip"

    def archive() -> bytes:
        entries = [(f"{root}/{path}/", b"") for path in folders] + [
            (f"{root}/{path}", build(path, text)) for path, text in texts.items()
        ]
        return zip_bytes(sorted(entries), dates={f"{root}/{path}": moment for path, moment in dates.items()})

    return Draw(
        values={
            "fichier": name,
            "chemin": f"{root}/{target_folder}/{target}",
            "nom": target,
            "dossier": f"{root}/{target_folder}",
        },
        solution=solution,
        files=(File(name, "application/zip", archive),),
        preview=Preview("tree", _preview(root, folders, texts, dates, set(inside) if ask == "biggest" else set())),
        shown_solution=solution.split("\n")[0],
    )


def _date(rng: random.Random) -> ZipDate:
    return (
        rng.randint(2024, 2025),
        rng.randint(1, 12),
        rng.randint(1, 28),
        rng.randint(8, 18),
        rng.choice((0, 10, 20, 30)),
        0,
    )


def _tree(rng: random.Random, depth: int, wanted: int) -> list[str]:
    """Folder paths; at least two of the asked depth; the same leaf name never stands in two places (for « where »)."""
    names = [*world.SUBJECTS, *_FOLDERS]
    rng.shuffle(names)
    found = [names.pop() for _ in range(4)]
    for _ in range(2):
        path = rng.choice(found[:4])
        while path.count("/") < depth - 1:
            path += f"/{names.pop()}"
            found.append(path)
    while len(found) < wanted and names:
        parent = rng.choice([path for path in found if path.count("/") < depth - 1])
        found.append(f"{parent}/{names.pop()}")
    return sorted(set(found))


def _preview(
    root: str, folders: list[str], texts: Mapping[str, str], dates: Mapping[str, ZipDate], weighed: set[str]
) -> dict[str, Any]:
    """``weighed``: the files whose size matters; weighing one means making it, so the others are left out."""

    def size(path: str) -> str:
        return f"{max(1, round(len(build(path, texts[path])) / 100) / 10):g} ko".replace(".", ",")

    def branch(path: str) -> dict[str, Any]:
        prefix = f"{path}/" if path else ""
        children: list[dict[str, Any]] = [
            branch(folder) for folder in folders if folder.rpartition("/")[0] == path and folder != path
        ]
        for file, text in sorted(texts.items()):
            if file.rpartition("/")[0] == path:
                day = dates[file]
                weight = f"{size(file)} · " if file in weighed else ""
                detail = f"{weight}{day[2]:02d}/{day[1]:02d}/{day[0]} · « {text.splitlines()[0]} »"
                children.append({"name": file.removeprefix(prefix), "detail": detail})
        return {"name": path.rsplit("/", 1)[-1] if path else root, "children": children}

    return branch("")
