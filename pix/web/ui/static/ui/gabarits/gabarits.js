// Loads the component of a question the first time it is met, on the page or in the fragment that replaces it.
const parts = {
  "pix-assoc": () => import("./assoc.js"),
  "pix-blocs": () => import("./blocs.js"),
  "pix-compare": () => import("./compare.js"),
  "pix-explo": () => import("./explo.js"),
  "pix-imged": () => import("./imged.js"),
  "pix-mail": () => import("./mail.js"),
  "pix-mdp": () => import("./mdp.js"),
  "pix-moteur": () => import("./moteur.js"),
  "pix-msg": () => import("./msg.js"),
  "pix-ordre": () => import("./ordre.js"),
  "pix-param": () => import("./param.js"),
  "pix-ttx": () => import("./ttx.js"),
  "pix-zone": () => import("./zone.js"),
  "pix-nav": () => import("./nav.js"),
  "pix-qr": () => import("./qr.js"),
  "pix-url": () => import("./url.js"),
  "pix-phish": () => import("./phish.js"),
  "pix-trous": () => import("./trous.js"),
  "pix-tab": () => import("./tab.js"),
  "pix-form": () => import("./form.js"),
  "pix-meta": () => import("./meta.js"),
};

function wake(root) {
  for (const [name, load] of Object.entries(parts)) {
    if (root.querySelector(name)) load().catch((error) => console.error(name, error));
  }
}

wake(document);
document.addEventListener("htmx:load", () => wake(document));
