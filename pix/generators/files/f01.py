"""F01: the « budget du club » spreadsheet, whose answer is computed from its lines (1.3.1, 1.3.3)."""

import io
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from pix.generators import world
from pix.generators.contract import Draw, File, Preview
from pix.generators.files.office import ODS, ods
from pix.generators.params import Reader

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "Matériel": (
        "Ballons",
        "Chasubles",
        "Filet",
        "Plots",
        "Sifflets",
        "Cordes",
        "Tapis",
        "Raquettes",
        "Chronomètres",
        "Trousse de secours",
    ),
    "Déplacements": ("Car pour Valmière", "Train du tournoi", "Minibus", "Essence", "Péage", "Tickets de tramway"),
    "Repas": ("Goûter", "Pique-nique", "Crêpes", "Boissons", "Repas de fin d'année", "Fruits"),
    "Location": ("Gymnase", "Salle des Brumes", "Vestiaires", "Sono", "Chapiteau"),
}
INCOME = ("Cotisations", "Vente de gâteaux", "Tombola", "Subvention de la ville", "Vide-grenier", "Don d'un parent")
ASKS = ("total", "category", "max", "mean", "count", "balance")
HEADER = ("Date", "Opération", "Catégorie", "Recette (€)", "Dépense (€)")


def _writings(number: int) -> str:
    """A whole number in the usual French writings."""
    spaced = f"{number:,}".replace(",", " ")
    forms = [str(number), spaced, f"{number} €", f"{spaced} €", f"{number},00", f"{number} euros"]
    return "\n".join(dict.fromkeys(forms))


def _xlsx(rows: Sequence[Sequence[str | float | None]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 1, 5, tzinfo=UTC).replace(tzinfo=None)})
        sheet = book.add_worksheet("Budget")
        for rank, row in enumerate(rows):
            sheet.write_row(rank, 0, row)
    return out.getvalue()


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters: docs/gabarits.md, F01."""
    reader = Reader(params, "F01", rng)
    extension, ask = reader.choice("format", ("ods", "xlsx"), "ods"), reader.choice("ask", ASKS, "total")
    lines, traps = reader.whole("lines", 12, 6, 40), reader.boolean("traps")
    reader.done()
    club = rng.choice(world.CLUBS)
    incomes = max(2, lines // 5)
    purchases: list[tuple[str, str, int]] = []
    amounts = rng.sample(range(6, 380), lines - incomes)
    if ask == "mean":
        # A round mean: no argument about decimals.
        amounts[0] += (-sum(amounts)) % len(amounts)
        while amounts[0] in amounts[1:]:
            amounts[0] += len(amounts)
    for rank, amount in enumerate(amounts):
        category = list(CATEGORIES)[rank % len(CATEGORIES)] if rank < len(CATEGORIES) else rng.choice(list(CATEGORIES))
        known = {name for name, _, _ in purchases}
        # Every name once: « the dearest purchase » must have one name.
        names = [n for n in CATEGORIES[category] if n not in known] or [f"{n} ({rank})" for n in CATEGORIES[category]]
        purchases.append((rng.choice(names), category, amount))
    rows: list[list[str | float | None]] = [[name, category, None, amount] for name, category, amount in purchases]
    earned = [rng.randint(40, 600) for _ in range(incomes)]
    rows += [[INCOME[rank % len(INCOME)], "Recettes", amount, None] for rank, amount in enumerate(earned)]
    rng.shuffle(rows)
    days = sorted(f"{rng.randint(1, 28):02d}/{rng.choice(('09', '10', '11'))}" for _ in rows)
    days.sort(key=lambda text: text.split("/")[::-1])
    table: list[list[str | float | None]] = [list(HEADER), *([day, *row] for day, row in zip(days, rows, strict=True))]
    if traps:
        table.insert(len(table) // 2, ["", "— suite du cahier —", "", "", "à vérifier"])
    category = rng.choice(list(CATEGORIES))
    chosen = [amount for _, c, amount in purchases if c == category]
    demand, solution = {
        "total": ("Combien le club a-t-il dépensé en tout, en euros ?", _writings(sum(amounts))),
        "category": (f"Combien le club a-t-il dépensé pour « {category} », en euros ?", _writings(sum(chosen))),
        "max": (
            "Quelle est la dépense la plus chère ? Écris son nom (colonne « Opération »).",
            max(purchases, key=lambda p: p[2])[0],
        ),
        "mean": ("Quelle est la dépense moyenne, en euros ?", _writings(sum(amounts) // len(amounts))),
        "count": (f"Combien de dépenses sont dans la catégorie « {category} » ?", str(len(chosen))),
        "balance": (
            "Combien reste-t-il au club, en euros (recettes moins dépenses) ?",
            _writings(sum(earned) - sum(amounts)),
        ),
    }[ask]
    name = f"budget-{club.lower().replace(' ', '-').replace(chr(39), '-').replace('é', 'e')}.{extension}"
    shown = [["" if value is None else str(value) for value in row] for row in table]
    return Draw(
        values={"fichier": name, "club": club, "categorie": category, "demande": demand},
        solution=solution,
        files=(
            File(
                name,
                ODS if extension == "ods" else XLSX,
                lambda: ods("Budget", table) if extension == "ods" else _xlsx(table),
            ),
        ),
        preview=Preview("table", {"caption": f"Budget du club {club}", "header": shown[0], "rows": shown[1:]}),
        shown_solution=solution.split("\n")[0],
    )
