"""Every generator and gabarit by the code that authors write; parameters are described in docs/gabarits.md."""

from pix.generators.contract import Make
from pix.generators.files import f01, f13, f14, monde
from pix.generators.gabarits import (
    assoc,
    blocs,
    compare,
    explo,
    form,
    imged,
    mail,
    mdp,
    meta,
    moteur,
    msg,
    nav,
    ordre,
    param,
    phish,
    qr,
    rendu,
    tab,
    trous,
    ttx,
    url,
    zone,
)

GENERATORS: dict[str, Make] = {"F01": f01.make, "F13": f13.make, "F14": f14.make, "MONDE": monde.make}

GABARITS: dict[str, Make] = {
    "ASSOC": assoc.make,
    "BLOCS": blocs.make,
    "COMPARE": compare.make,
    "EXPLO": explo.make,
    "IMGED": imged.make,
    "MAIL": mail.make,
    "MDP": mdp.make,
    "MOTEUR": moteur.make,
    "MSG": msg.make,
    "ORDRE": ordre.make,
    "PARAM": param.make,
    "RENDU": rendu.make,
    "TTX": ttx.make,
    "ZONE": zone.make,
    "NAV": nav.make,
    "QR": qr.make,
    "URL": url.make,
    "PHISH": phish.make,
    "TROUS": trous.make,
    "TAB": tab.make,
    "FORM": form.make,
    "META": meta.make,
}
