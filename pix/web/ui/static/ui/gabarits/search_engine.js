// The search algorithm of Cherchéa: the very same as pix/generators/search_engine.py (shared vectors in the tests).
const STOP_WORDS = new Set(
  ("a ai au aux avec c ce ces cette comment d dans de des du elle en est et il ils j je l la le les leur ma mes mon n ne nos " +
    "notre nous on ou par pas plus pour qu que quel quelle quelles quels qui quoi s sa ses son sur t ta tes ton tu un une vos votre vous y").split(" "),
);
const LETTERS = { œ: "oe", æ: "ae", ß: "ss", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i" };

export const unaccent = (text) => text.toLowerCase().replace(/[œæßøđðþłı]/g, (sign) => LETTERS[sign]).normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
export const tokens = (text) => unaccent(text).match(/[a-z0-9]+/g) ?? [];
export const stem = (token) => (token.length > 3 && "sx".includes(token.at(-1)) ? token.slice(0, -1) : token);

export function parse(query) {
  const parsed = { words: [], phrases: [], excluded: [], site: "", type: "", after: 0, before: 0 };
  for (const [, minus, quoted, bare] of [...query].slice(0, 200).join("").replace(/[«»“”„]/g, '"').matchAll(/(-?)"([^"]*)"|(\S+)/g)) {
    if (bare === undefined) {
      const inside = tokens(quoted);
      if (inside.length) parsed[minus ? "excluded" : "phrases"].push(inside);
      continue;
    }
    const folded = unaccent(bare).replaceAll('"', "");
    const colon = folded.indexOf(":");
    const [name, value] = colon < 0 ? ["", ""] : [folded.slice(0, colon), folded.slice(colon + 1)];
    if (value && ["site", "type", "filetype", "apres", "after", "avant", "before"].includes(name)) {
      const year = /^[0-9]{4}$/.test(value) ? Number(value) : 0;
      if (name === "site") parsed.site = value.replace(/^https?:\/\//, "").replace(/^\/+|\/+$/g, "");
      else if (name === "type" || name === "filetype") parsed.type = value;
      else if (name === "apres" || name === "after") parsed.after = year;
      else parsed.before = year;
    } else if (folded.startsWith("-") && tokens(folded).length) parsed.excluded.push(tokens(folded));
    else parsed.words.push(...tokens(folded));
  }
  const useful = parsed.words.filter((word) => !STOP_WORDS.has(word));
  parsed.words = [...new Set((useful.length ? useful : parsed.words).map(stem))];
  return parsed;
}

const holds = (haystack, needle) => haystack.some((_, start) => start + needle.length <= haystack.length && needle.every((token, rank) => haystack[start + rank] === token));
const hostOf = (url) => (url.includes("://") ? url.slice(url.indexOf("://") + 3) : url);

function score(page, query) {
  const [title, text] = [tokens(page.title), tokens(page.text)];
  const [stemsTitle, stemsText] = [title.map(stem), text.map(stem)];
  if (query.site) {
    const host = unaccent(hostOf(page.url));
    if (!host.startsWith(query.site) && !host.split("/")[0].endsWith(`.${query.site.replace(/^\.+/, "")}`)) return 0;
  }
  if (query.type && unaccent(page.type) !== query.type) return 0;
  if (query.after || query.before) {
    const year = /^[0-9]{4}/.test(page.date) ? Number(page.date.slice(0, 4)) : 0;
    if (!year || (query.after && year < query.after) || (query.before && year > query.before)) return 0;
  }
  for (const words of query.excluded) {
    const needle = words.map(stem);
    if (holds(stemsTitle, needle) || holds(stemsText, needle)) return 0;
  }
  let total = 0;
  for (const phrase of query.phrases) {
    const inTitle = holds(title, phrase);
    if (!inTitle && !holds(text, phrase)) return 0;
    total += inTitle ? 130 : 100;
  }
  const url = new Set(tokens(hostOf(page.url)).map(stem));
  for (const word of query.words) {
    const count = stemsText.filter((token) => token === word).length;
    const here = (stemsTitle.includes(word) ? 30 : 0) + (count ? 10 + Math.min(count, 5) : 0) + (url.has(word) ? 5 : 0);
    total += here ? 100 + here : 0;
  }
  if (!query.words.length && !query.phrases.length) return query.site || query.type || query.after || query.before ? 1 : 0;
  return total;
}

/** Addresses of the ads, then of the results in order. */
export function search(pages, text) {
  const query = parse(text);
  const asked = new Set([...query.words, ...query.phrases.flat().map(stem)]);
  const ads = pages.filter((page) => page.ad && tokens(page.keywords || `${page.title} ${page.text}`).some((token) => asked.has(stem(token)))).slice(0, 2);
  const scored = pages
    .map((page, rank) => ({ page, rank, score: page.ad ? 0 : score(page, query) }))
    .filter((entry) => entry.score)
    .sort((a, b) => b.score - a.score || a.rank - b.rank);
  return { ads: ads.map((page) => page.url), results: scored.slice(0, 20).map((entry) => entry.page.url) };
}

/** The sentence of the page that holds most of the words asked. */
export function snippet(page, text) {
  if (page.snippet) return page.snippet;
  const query = parse(text);
  const asked = [...query.words, ...query.phrases.flat().map(stem)];
  const sentences = page.text.replace(/\s+/g, " ").match(/[^.!?]+[.!?…]*\s*/g) ?? [page.text];
  let best = 0;
  let most = -1;
  sentences.forEach((sentence, rank) => {
    const found = tokens(sentence).map(stem);
    const count = asked.filter((word) => found.includes(word)).length;
    if (count > most) [most, best] = [count, rank];
  });
  const shown = sentences[best].trim();
  return shown.length > 180 ? `${shown.slice(0, 177)}…` : shown;
}
