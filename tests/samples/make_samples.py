"""Writes the sample rolls: fictional schools, fictional pupils, and the faulty files that an import must survive.

``python -m tests.samples.make_samples`` rewrites them all, byte for byte the same. Names are drawn from lists of common
names; INE, UAI and places of residence belong to nobody.
"""

import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
FIRST_YEAR = 2026
"""Autumn of the school year that the samples describe."""

COLLEGE_GAR, COLLEGE, LYCEE, LYCEE_PRO, LYCEE_AGRICOLE = "0999001A", "0999002B", "0999003C", "0999004D", "0999005E"


def _words(text: str) -> list[str]:
    return text.split()


_LAST_NAMES = _words(
    """
ADAM ANDRÉ ARNAUD AUBERT BAILLY BARBIER BARON BENOÎT BÉRARD BERTRAND BESSON BLANCHARD BONNET BOUCHER BOURGEOIS BRETON BRUNET
CARLIER CARON CHARPENTIER CHEVALLIER CLÉMENT COLIN CORDIER COULON DANIEL DELACROIX DENIS DESCHAMPS DÍAZ DUBOIS DUFOUR DUMAS
DUVAL ÉTIENNE FAURE FERREIRA FONTAINE FOURNIER GAILLARD GARÇON GAUTHIER GÉRARD GIRARD GONÇALVES GRONDIN GUÉRIN GUILLOT HAMON
HERVÉ HOARAU HUBERT JACQUET JOLY KÉBÉ KOWALSKI LACROIX LAMBERT LEBLANC LECLERCQ LEGRAND LEMAÎTRE LEROUX LUKÁŠ MAHÉ MALLET
MARCHAND MASSON MERCIER MEUNIER MOULIN NGUYEN NÚÑEZ OLIVIER PAYET PELLETIER PERRIN PICARD POIRIER PRÉVOST RENARD REYNAUD
RIVIÈRE ROCHE ROUSSEAU SAÏDI SANCHEZ SCHMITT SIMÃO TESSIER TOURÉ TRAN VASSEUR VIDAL WEBER YILMAZ ZIMMERMANN
"""
)
_RARE_LAST_NAMES = (
    "ŒUVRARD",
    "N'DIAYE",
    "D'HÉROUVILLE",
    "LE GOFF-KÉRAVEC",
    "DE LA TOUR",
    "DURAND--MARTIN",
    "SAINT-ÉLOI",
    "VAN DEN BROUCKE",
    "BŒUF",
)
_GIRLS = _words(
    """
Adèle Agathe Aïcha Alice Ambre Anaïs Anne-Sophie Assia Camille Capucine Chloé Clémence Éléonore Élise Elsa Emma Fatou Garance
Héloïse Inaya Inès Jade Jeanne Joséphine Juliette Léa Léonie Lina Lou Louise Maëlys Manon Marie-Lou Mathilde Maya Noémie Océane
Romane Salomé Sarah Sofia Thaïs Yasmine Zélie Zoé
"""
)
_BOYS = _words(
    """
Aaron Adrien Aimé Amir Anatole Antoine Arthur Aurélien Baptiste Basile Clément Côme Elias Éliott Enzo Ethan Félix Gabriel
Gaël Hugo Ibrahim Ismaël Jean-Baptiste Joël Jules Kaïs Léo Léon Loïc Louis Lucas Maël Malo Marius Mathéo Mehdi Nathan Noé
Nolan Raphaël Rayan Sacha Théo Timéo Ulysse Yanis
"""
)
_RARE_SECOND_NAMES = ("Lœtitia", "Ÿlan", "Marie-Cécile", "Jean-Noël")
_TOWNS = (
    ("075", "75056"),
    ("013", "13055"),
    ("033", "33318"),
    ("069", "69123"),
    ("059", "59350"),
    ("974", "97422"),
    ("02A", "2A214"),
    ("035", "35238"),
)
_ABROAD = (("132", "BRUXELLES"), ("139", "PORTO"), ("350", "FÈS"), ("109", "KÖLN"), ("341", "DAKAR"))
_MEF = {
    "6": "10010012110",
    "5": "10110001110",
    "4": "10210001110",
    "3": "10310019110",
    "2de": "20010018110",
    "1re": "20111015110",
    "Tle": "20211018110",
    "2pro": "24723006310",
    "1pro": "24723006320",
    "Tpro": "24723006330",
}
_AGE = {"6": 11, "5": 12, "4": 13, "3": 14, "2de": 15, "1re": 16, "Tle": 17, "2pro": 15, "1pro": 16, "Tpro": 17}
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Child:
    """A fictional pupil, with the fields of a SIECLE export as they are written there."""

    ine: str
    last_name: str
    first_name: str
    sex: str
    born: str
    division: str
    mef: str = ""
    status: str = "ST"
    usage_name: str = ""
    second_name: str = ""
    third_name: str = ""
    country: str = "100"
    department: str = "075"
    commune: str = "75056"
    town: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True)
class School:
    uai: str
    name: str
    divisions: tuple[tuple[str, str], ...]
    """Class and level (key of the course codes)."""
    pupils: int
    series: int
    """Two digits of its pupils' fictional INE."""


SCHOOLS = {
    school.uai: school
    for school in (
        School(
            COLLEGE_GAR,
            "Collège Simone-Lumière",
            (("6A", "6"), ("6B", "6"), ("5A", "5"), ("5B", "5"), ("4A", "4"), ("3A", "3"), ("3eme3", "3")),
            170,
            1,
        ),
        School(COLLEGE, "Collège des Galets", (("4e 1", "4"), ("3e 1", "3")), 60, 2),
        School(LYCEE, "Lycée des Trois-Rivières", (("2de1", "2de"), ("1re2", "1re"), ("TleG3", "Tle")), 90, 3),
        School(LYCEE_PRO, "Lycée professionnel de Brumeville", (("2MELEC", "2pro"), ("TMELEC", "Tpro")), 40, 4),
        School(LYCEE_AGRICOLE, "Lycée agricole du Val d'Orge", (("2NJPF", "2pro"), ("1CGEA", "1pro")), 40, 5),
    )
}


def _ine(series: int, number: int) -> str:
    return f"09{series:02d}{number:06d}{_LETTERS[(series * 7 + number * 5) % len(_LETTERS)]}"


def _birthday(rng: random.Random, level: str) -> str:
    day = date(FIRST_YEAR - _AGE[level], 1, 1) + timedelta(days=rng.randrange(365))
    return day.strftime("%d/%m/%Y")


def draw_children(divisions: Sequence[tuple[str, str]], count: int, series: int, seed: int) -> list[Child]:
    """``count`` children spread evenly over the classes, in class order; the same ones for the same seed."""
    rng = random.Random(seed)
    children = []
    for number in range(1, count + 1):
        division, level = divisions[(number - 1) * len(divisions) // count]
        sex = rng.choice("12")
        names = _BOYS if sex == "1" else _GIRLS
        first, second = rng.sample(names, 2)
        if rng.random() < 0.03:
            second = rng.choice(_RARE_SECOND_NAMES)
        last = rng.choice(_RARE_LAST_NAMES) if rng.random() < 0.06 else rng.choice(_LAST_NAMES)
        department, commune = rng.choice(_TOWNS)
        child = Child(
            ine=_ine(series, number),
            last_name=last,
            first_name=first,
            sex=sex,
            born=_birthday(rng, level),
            division=division,
            mef=_MEF[level],
            status="AP" if level.endswith("pro") and rng.random() < 0.2 else "ST",
            usage_name=rng.choice(_LAST_NAMES) if rng.random() < 0.05 else "",
            second_name=second if rng.random() < 0.6 else "",
            third_name=rng.choice(names) if rng.random() < 0.2 else "",
            department=department,
            commune=commune,
        )
        if rng.random() < 0.06:
            country, town = rng.choice(_ABROAD)
            child = replace(child, country=country, department="099", commune="", town=town)
        children.append(child)
    return children


def _known_people() -> list[Child]:
    """The people that the guide names, two homonyms of one class and twins with close names."""
    born = {level: FIRST_YEAR - age for level, age in _AGE.items()}
    return [
        Child("", "PIX", "Emma", "2", f"09/03/{born['3']}", "3eme3", _MEF["3"], second_name="Lœtitia"),
        Child("", "PIX", "Béatrix", "2", f"12/11/{born['4']}", "4A", _MEF["4"]),
        Child("", "HOPPER", "Grace", "2", f"09/12/{born['3']}", "3A", _MEF["3"]),
        Child("", "DURAND", "Léa", "2", f"04/05/{born['5']}", "5A", _MEF["5"], second_name="Zoé"),
        Child("", "MARTIN", "Lucas", "1", f"17/02/{born['5']}", "5A", _MEF["5"]),
        Child("", "MARTIN", "Lucas", "1", f"23/09/{born['5']}", "5A", _MEF["5"]),
        Child("", "LEFÈVRE", "Milan", "1", f"30/06/{born['6']}", "6A", _MEF["6"]),
        Child("", "LEFÈVRE", "Mylan", "1", f"30/06/{born['6']}", "6A", _MEF["6"]),
        Child("", "DE LA TOUR", "Anne-Sophie", "2", f"07/01/{born['6']}", "6B", _MEF["6"]),
        Child("", "ŒUVRARD", "Zoé", "2", f"22/07/{born['5']}", "5B", _MEF["5"], usage_name="N'DIAYE"),
        Child("", "NÚÑEZ", "Noé", "1", f"01/10/{born['4']}", "4A", _MEF["4"], second_name="Félix", third_name="Théo"),
    ]


def children_of(uai: str) -> list[Child]:
    """The importable pupils of a school of the demo."""
    school = SCHOOLS[uai]
    children = draw_children(school.divisions, school.pupils, school.series, seed=school.series)
    if uai == COLLEGE_GAR:
        taken: set[int] = set()
        for person in _known_people():
            place = max(
                number
                for number, child in enumerate(children)
                if child.division == person.division and number not in taken
            )
            taken.add(place)
            children[place] = replace(person, ine=children[place].ine)
    return children


def _not_imported() -> list[Child]:
    """One of each kind of pupil that an import leaves out: no INE, no class, left."""
    year = FIRST_YEAR - _AGE["6"]
    return [
        Child("", "TREMBLAY", "Rose", "2", f"14/04/{year}", "6A", _MEF["6"]),
        Child("0901900001B", "OLIVEIRA", "Tiago", "1", f"02/12/{year}", "", _MEF["6"]),
        Child("0901900002C", "PETITJEAN", "Éva", "2", f"19/08/{year}", "6B", left=f"30/09/{FIRST_YEAR}"),
    ]


# --- SIECLE ------------------------------------------------------------------------------------------------------------


def _element(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>\n" if value else ""


def _child_element(number: int, child: Child) -> str:
    id_national = f"<ID_NATIONAL>{escape(child.ine)}</ID_NATIONAL>\n"
    sex = f"<CODE_SEXE>{escape(child.sex)}</CODE_SEXE>\n"
    last_year = "<CODE_STRUCTURE>ANCIENNE</CODE_STRUCTURE>\n<CODE_MEF>99999999999</CODE_MEF>\n"
    return (
        f'<ELEVE ELEVE_ID="{number}" ELENOET="{5000 + number}">\n'
        f"{id_national}<ELENOET>{5000 + number}</ELENOET>\n<ID_ELEVE_ETAB>{number}</ID_ELEVE_ETAB>\n"
        f"{_element('NOM_DE_FAMILLE', child.last_name)}<NOM_USAGE>{escape(child.usage_name)}</NOM_USAGE>\n"
        f"{_element('PRENOM', child.first_name)}{_element('PRENOM2', child.second_name)}"
        f"{_element('PRENOM3', child.third_name)}{_element('DATE_NAISS', child.born)}<DOUBLEMENT>0</DOUBLEMENT>\n"
        f"{_element('CODE_PAYS', child.country)}<ACCEPTE_SMS>0</ACCEPTE_SMS>\n"
        f"<DATE_MODIFICATION>01/09/{FIRST_YEAR}</DATE_MODIFICATION>\n{sex}"
        f"<CODE_REGIME>2</CODE_REGIME>\n<DATE_ENTREE>01/09/{FIRST_YEAR}</DATE_ENTREE>\n"
        f"<DATE_SORTIE>{child.left}</DATE_SORTIE>\n<CODE_PAYS_NAT>100</CODE_PAYS_NAT>\n"
        f"{_element('CODE_DEPARTEMENT_NAISS', child.department)}"
        f"{_element('CODE_COMMUNE_INSEE_NAISS', child.commune)}{_element('VILLE_NAISS', child.town)}"
        f"<ADHESION_TRANSPORT>0</ADHESION_TRANSPORT>\n{_element('CODE_STATUT', child.status)}"
        f"{_element('CODE_MEF', child.mef)}<CODE_PROVENANCE>1</CODE_PROVENANCE>\n"
        f"<SCOLARITE_AN_DERNIER>\n{last_year}<CODE_RNE>0999999Z</CODE_RNE>\n</SCOLARITE_AN_DERNIER>\n</ELEVE>\n"
    )


def _structures_element(number: int, child: Child) -> str:
    parts = [(code, "D") for code in (child.division,) if code] + [("LATIN", "G")]
    inner = "".join(
        f"<STRUCTURE>\n<CODE_STRUCTURE>{escape(code)}</CODE_STRUCTURE>\n<TYPE_STRUCTURE>{kind}</TYPE_STRUCTURE>\n</STRUCTURE>\n"
        for code, kind in parts
    )
    return f'<STRUCTURES_ELEVE ELEVE_ID="{number}" ELENOET="{5000 + number}">\n{inner}</STRUCTURES_ELEVE>\n'


def _options_element(number: int) -> str:
    option = (
        "<NUM_OPTION>1</NUM_OPTION>\n<CODE_MODALITE_ELECT>O</CODE_MODALITE_ELECT>\n<CODE_MATIERE>030201</CODE_MATIERE>"
    )
    return f'<OPTION ELEVE_ID="{number}">\n<OPTIONS_ELEVE>\n{option}\n</OPTIONS_ELEVE>\n</OPTION>\n'


def siecle_xml(uai: str, children: Iterable[Child], *, encoding: str = "ISO-8859-15", bytes_in: str = "") -> bytes:
    """A BEE_ELEVES file. ``bytes_in``: the codec really used, when the declaration is to lie."""
    listed = list(enumerate(children, start=1))
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<BEE_ELEVES VERSION="2.1">\n<PARAMETRES>\n<UAJ>{uai}</UAJ>\n'
        f"<ANNEE_SCOLAIRE>{FIRST_YEAR}</ANNEE_SCOLAIRE>\n<DATE_EXPORT>05/09/{FIRST_YEAR}</DATE_EXPORT>\n"
        f"<HORODATAGE>05/09/{FIRST_YEAR} 10:12:14</HORODATAGE>\n</PARAMETRES>\n<DONNEES>\n<ELEVES>\n"
        + "".join(_child_element(number, child) for number, child in listed)
        + "</ELEVES>\n<OPTIONS>\n"
        + "".join(_options_element(number) for number, _ in listed)
        + "</OPTIONS>\n<STRUCTURES>\n"
        + "".join(_structures_element(number, child) for number, child in listed)
        + "</STRUCTURES>\n</DONNEES>\n</BEE_ELEVES>\n"
    )
    return text.encode(bytes_in or encoding)


def siecle_file(uai: str, pupils: int = 3000, seed: int = 1, per_class: int = 30) -> bytes:
    """A valid file of any size, for measures: classes of about 30 pupils of the four levels of a collège."""
    count = max(1, pupils // per_class)
    divisions = [
        (f"{'6543'[number * 4 // count]}{number + 1:03d}", "6543"[number * 4 // count]) for number in range(count)
    ]
    return siecle_xml(uai, draw_children(divisions, pupils, series=90, seed=seed))


def zipped(entries: dict[str, bytes]) -> bytes:
    """A zip whose bytes depend on its entries only (fixed dates)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, (FIRST_YEAR, 9, 5, 10, 12, 14)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# --- Fregata -----------------------------------------------------------------------------------------------------------

FREGATA_HEADER = (
    "Identifiant unique*;Premier prénom*;Deuxième prénom;Troisième prénom;Nom de famille*;Nom d'usage;Code sexe*;"
    "Date de naissance (jj/mm/aaaa)*;Code commune naissance**;Libellé commune naissance**;Code département naissance*;"
    "Code pays naissance*;Statut*;Code MEF*;Division*"
)


def fregata_cells(child: Child) -> list[str]:
    return [
        child.ine,
        child.first_name,
        child.second_name,
        child.third_name,
        child.last_name,
        child.usage_name,
        {"1": "Masculin", "2": "Féminin"}.get(child.sex, child.sex),
        child.born,
        child.commune,
        child.town,
        child.department[-2:] if child.department.startswith("0") else child.department,
        "99" + child.country,
        child.status,
        child.mef,
        child.division,
    ]


def fregata_csv(children: Iterable[Child], *, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    lines = [FREGATA_HEADER.split(";"), *(fregata_cells(child) for child in children)]
    return "".join(delimiter.join(cells) + "\r\n" for cells in lines).encode(encoding)


# --- The files ---------------------------------------------------------------------------------------------------------


def faults_of_the_guide(children: Sequence[Child]) -> list[Child]:
    """The three errors that the guide shows: line 1 without INE, line 13 without sex, line 32 with the INE of line 3."""
    faulty = list(children)
    faulty[0] = replace(faulty[0], ine="")
    faulty[12] = replace(faulty[12], sex="")
    faulty[31] = replace(faulty[31], ine=faulty[2].ine)
    return faulty


def other_faults(children: Sequence[Child]) -> list[Child]:
    """Birth date missing or impossible, town of birth missing, names missing, unknown sex, no class."""
    faulty = list(children[:30])
    changes: dict[int, dict[str, str]] = {
        2: {"born": ""},
        4: {"born": "31/02/2012"},
        6: {"country": "100", "commune": ""},
        8: {"last_name": ""},
        10: {"first_name": ""},
        12: {"sex": "3"},
        14: {"division": ""},
        16: {"sex": "", "born": "2012-04-05"},
    }
    for place, change in changes.items():
        faulty[place] = replace(faulty[place], **change)
    return faulty


def january(children: Sequence[Child]) -> list[Child]:
    """The same school later in the year: two left, two came, a change of class and a corrected birth date."""
    kept = list(children[2:])
    kept[0] = replace(kept[0], division="6B")
    kept[1] = replace(kept[1], born=f"29/04/{FIRST_YEAR - _AGE['6']}")
    return [*kept, *draw_children((("6A", "6"), ("4A", "4")), 2, series=71, seed=71)]


def all_files() -> dict[str, bytes]:
    """Every sample: file name → bytes."""
    college = children_of(COLLEGE_GAR)
    with_skips = [*college, *_not_imported()]
    college_xml = siecle_xml(COLLEGE_GAR, with_skips)
    farm = children_of(LYCEE_AGRICOLE)
    wrong_farm = [
        replace(farm[0], ine=""),
        replace(farm[1], sex="3"),
        replace(farm[2], born="32/01/2010"),
        replace(farm[3], ine=farm[4].ine),
        *farm[4:],
    ]
    return {
        "college-0999001A.xml": college_xml,
        "college-0999001A.zip": zipped({"export/ElevesSansAdresses.xml": college_xml}),
        "college-0999001A-janvier.xml": siecle_xml(COLLEGE_GAR, january(college)),
        "college-0999002B.xml": siecle_xml(COLLEGE, children_of(COLLEGE)),
        "lycee-0999003C.xml": siecle_xml(LYCEE, children_of(LYCEE), encoding="UTF-8"),
        "lycee-pro-0999004D.xml": siecle_xml(LYCEE_PRO, children_of(LYCEE_PRO), encoding="windows-1252"),
        "lycee-agricole-0999005E.csv": fregata_csv(farm, encoding="cp1252"),
        "erreurs-lignes-1-13-32.xml": siecle_xml(COLLEGE_GAR, faults_of_the_guide(college)),
        "erreurs-diverses.xml": siecle_xml(COLLEGE_GAR, other_faults(college)),
        "erreur-autre-uai.xml": siecle_xml("0999099Z", college[:5]),
        "erreur-tronque.xml": college_xml[: len(college_xml) // 2],
        "erreur-accents.xml": siecle_xml(COLLEGE_GAR, college[:40], bytes_in="utf-8"),
        "erreur-encodage.xml": college_xml.replace(b"ISO-8859-15", b"x-macthai"),
        "erreur-vide.xml": b"",
        "erreur-deux-xml.zip": zipped({"a.xml": college_xml, "b.xml": college_xml}),
        "erreurs-fregata.csv": fregata_csv(wrong_farm),
        "erreur-fregata-entetes.csv": fregata_csv(farm).replace(b"Code sexe*", b"Sexe"),
    }


def write_all(folder: Path = HERE) -> None:
    for name, content in all_files().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    write_all()
