// A small spreadsheet: what is typed, a safe evaluator in French writing, the text shown. Same rules as the server's (pix/generators/sheet.py).
import { fold } from "./base.js";

export const MAX_COLUMNS = 12;
export const MAX_ROWS = 60;
const MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
const ENGLISH = { SUM: "SOMME", AVERAGE: "MOYENNE", COUNT: "NB", COUNTA: "NBVAL", COUNTIF: "NB.SI", SUMIF: "SOMME.SI", IF: "SI", ROUND: "ARRONDI", TRUE: "VRAI", FALSE: "FAUX" };
export const FUNCTIONS = ["SOMME", "MOYENNE", "MIN", "MAX", "NB", "NBVAL", "NB.SI", "SOMME.SI", "SI", "ARRONDI"];
const NUMBER = /^(-?)(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d{1,15})(,\d{1,10})?[ \u00a0\u202f]*(%|€)?$/;
const DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})$/;
const REFERENCE = /"(?:[^"]|"")*"|(?<![\w.$])(\$?)([A-Za-z])(\$?)([1-9]\d{0,2})(?![\w(.])/g;
const TOKEN = /\s*(?:(?<text>"(?:[^"]|"")*")|(?<ref>\$?[A-Za-z]\$?[1-9]\d{0,2}(?![\w(.]))|(?<number>\d{1,15}(?:[.,]\d{1,15})?)|(?<name>[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ.]*)|(?<sign><=|>=|<>|[-+*/^&=<>%();:,]))/y;
const EPOCH = Date.UTC(1899, 11, 30);
const DAY = 86_400_000;

class Wrong extends Error {}
const wrong = (code) => {
  throw new Wrong(code);
};
export const isFault = (value) => value !== null && typeof value === "object";
const fault = (code) => ({ code });

// --- places

export const nameOf = (column, row) => `${String.fromCharCode(65 + column)}${row}`;

export function place(at) {
  const match = /^([A-Z])([1-9]\d?)$/.exec(at);
  if (!match || match[1].charCodeAt(0) - 65 >= MAX_COLUMNS || Number(match[2]) > MAX_ROWS) return null;
  return [match[1].charCodeAt(0) - 65, Number(match[2])];
}

/** « B2:C3 » → its cells row by row; null when it is not a range. */
export function span(text) {
  const [first, last] = text.replaceAll("$", "").toUpperCase().trim().split(":");
  const [a, b] = [place(first), place(last ?? first)];
  if (!a || !b) return null;
  const found = [];
  for (let row = Math.min(a[1], b[1]); row <= Math.max(a[1], b[1]); row += 1)
    for (let column = Math.min(a[0], b[0]); column <= Math.max(a[0], b[0]); column += 1) found.push(nameOf(column, row));
  return found;
}

export function shifted(raw, columns, rows) {
  if (!raw.startsWith("=")) return raw;
  return raw.replace(REFERENCE, (whole, fixColumn, letter, fixRow, digits) => {
    if (letter === undefined) return whole;
    const column = letter.toUpperCase().charCodeAt(0) - 65 + (fixColumn ? 0 : columns);
    const row = Number(digits) + (fixRow ? 0 : rows);
    if (column < 0 || column >= MAX_COLUMNS || row < 1 || row > MAX_ROWS) return "#REF!";
    return `${fixColumn}${String.fromCharCode(65 + column)}${fixRow}${row}`;
  });
}

// --- what is typed and shown

/** [value, suggested format] of a constant. */
export function typed(raw) {
  const text = raw.trim();
  if (!text) return [null, "standard"];
  if (text.startsWith("'")) return [text.slice(1), "standard"];
  let match = NUMBER.exec(text);
  if (match) {
    const number = Number(match[1] + match[2].replace(/\s/g, "") + (match[3] ?? "").replace(",", "."));
    return match[4] === "%" ? [number / 100, "pourcent"] : [number, match[4] ? "euro" : "standard"];
  }
  match = DATE.exec(text);
  if (match) {
    const [day, month, year] = [Number(match[1]), Number(match[2]), Number(match[3]) + (match[3].length === 2 ? 2000 : 0)];
    const date = new Date(Date.UTC(year, month - 1, day));
    if (year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day) return [Math.round((date - EPOCH) / DAY), "date"];
    return [text, "standard"];
  }
  if (/^(vrai|faux)$/i.test(text)) return [text.toUpperCase() === "VRAI", "standard"];
  return [text, "standard"];
}

export const formatOf = (raw, chosen) => chosen || (raw.startsWith("=") ? "standard" : typed(raw)[1]);

function decimals(number, digits) {
  const [whole, rest] = Math.abs(number).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const sign = number < 0 && (Number(whole) || /[1-9]/.test(rest ?? "")) ? "-" : "";
  return `${sign}${grouped}${rest ? `,${rest}` : ""}`;
}

export function plain(number) {
  let text = String(Number(number.toPrecision(10)));
  if (text.includes("e")) text = Math.abs(number) >= 1 ? number.toExponential(5).toUpperCase() : number.toFixed(10).replace(/\.?0+$/, "");
  return (text === "-0" || text === "" ? "0" : text).replace(".", ",");
}

export function shown(value, chosen = "standard") {
  if (value === null || value === undefined) return "";
  if (isFault(value)) return value.code;
  if (typeof value === "boolean") return value ? "VRAI" : "FAUX";
  if (typeof value === "string") return value;
  if (chosen === "nombre") return decimals(value, 2);
  if (chosen === "euro") return `${decimals(value, 2)}\u00a0€`;
  if (chosen === "pourcent") return `${plain(Math.round(value * 10_000) / 100)}\u00a0%`;
  if ((chosen === "date" || chosen === "date_longue") && value >= 1 && value < 2_900_000) {
    const date = new Date(EPOCH + Math.floor(value) * DAY);
    const [day, month, year] = [date.getUTCDate(), date.getUTCMonth(), date.getUTCFullYear()];
    if (chosen === "date") return `${String(day).padStart(2, "0")}/${String(month + 1).padStart(2, "0")}/${String(year).padStart(4, "0")}`;
    return `${day === 1 ? "1er" : day} ${MONTHS[month]} ${year}`;
  }
  return plain(value);
}

// --- formulas

class Parser {
  constructor(text) {
    this.tokens = [];
    this.at = 0;
    this.nested = 0;
    const end = text.trimEnd().length;
    for (let at = 0; at < end; at = TOKEN.lastIndex) {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(text);
      if (!match) wrong("#ERREUR!");
      const [kind, value] = Object.entries(match.groups).find(([, found]) => found !== undefined);
      this.tokens.push([kind, value]);
    }
  }
  take(...signs) {
    const [kind, text] = this.tokens[this.at] ?? ["", ""];
    if (kind !== "sign" || !signs.includes(text)) return "";
    this.at += 1;
    return text;
  }
  whole() {
    const node = this.comparison();
    if (this.at < this.tokens.length) wrong("#ERREUR!");
    return node;
  }
  chain(signs, inner) {
    let node = inner();
    for (let sign = this.take(...signs); sign; sign = this.take(...signs)) node = ["op", sign, node, inner()];
    return node;
  }
  comparison() {
    return this.chain(["=", "<>", "<=", ">=", "<", ">"], () => this.chain(["&"], () => this.sum()));
  }
  sum() {
    return this.chain(["+", "-"], () => this.chain(["*", "/"], () => this.chain(["^"], () => this.signed())));
  }
  signed() {
    let minus = false;
    for (let found = this.take("-", "+"); found; found = this.take("-", "+")) minus = (found === "-") !== minus;
    let node = this.atom();
    while (this.take("%")) node = ["op", "/", node, ["value", 100]];
    return minus ? ["op", "-", ["value", 0], node] : node;
  }
  deeper() {
    this.nested += 1;
    if (this.nested > 25) wrong("#ERREUR!");
  }
  atom() {
    const [kind, text] = this.tokens[this.at] ?? wrong("#ERREUR!");
    this.at += 1;
    if (kind === "number") return ["value", Number(text.replace(",", "."))];
    if (kind === "text") return ["value", text.slice(1, -1).replaceAll('""', '"')];
    if (kind === "ref") {
      const first = text.replaceAll("$", "").toUpperCase();
      if (!this.take(":")) return ["ref", first];
      const next = this.tokens[this.at];
      if (next?.[0] !== "ref") wrong("#ERREUR!");
      this.at += 1;
      return ["range", first, next[1].replaceAll("$", "").toUpperCase()];
    }
    if (kind === "name") {
      const upper = ENGLISH[text.toUpperCase()] ?? text.toUpperCase();
      const opens = this.take("(");
      if (!opens && (upper === "VRAI" || upper === "FAUX")) return ["value", upper === "VRAI"];
      if (!opens) wrong("#NOM?");
      return ["call", upper, this.arguments()];
    }
    if (text === "(") {
      this.deeper();
      const node = this.comparison();
      if (!this.take(")")) wrong("#ERREUR!");
      this.nested -= 1;
      return node;
    }
    return wrong("#ERREUR!");
  }
  arguments() {
    this.deeper();
    const found = [];
    if (!this.take(")")) {
      do found.push(this.comparison());
      while (this.take(";"));
      if (!this.take(")")) wrong("#ERREUR!");
    }
    this.nested -= 1;
    return found;
  }
}

function number(value) {
  if (value === null) return 0;
  if (isFault(value)) wrong(value.code);
  if (typeof value === "string") wrong("#VALEUR!");
  return Number(value);
}

function compared(sign, left, right) {
  let [a, b] = [left, right];
  if (typeof left === "string" || typeof right === "string") {
    [a, b] = [left, right].map((value) => fold(shown(value)).replace(/\s+/g, " ").trim());
    if ((typeof left === "string") !== (typeof right === "string") && left !== null && right !== null) [a, b] = [typeof left === "string" ? 1 : 0, typeof right === "string" ? 1 : 0];
  } else [a, b] = [left, right].map((value) => Math.round(number(value) * 1e9) / 1e9);
  return { "=": a === b, "<>": a !== b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b }[sign];
}

/** Values of the cells, each computed once; every walk is counted so that nothing freezes the page. */
export class Sheet {
  constructor(cells) {
    this.cells = cells;
    this.known = {};
    this.running = new Set();
    this.spent = 0;
  }
  value(at) {
    if (at in this.known) return this.known[at];
    const raw = (this.cells[at] ?? "").trim();
    let found;
    if (!raw.startsWith("=")) [found] = typed(raw);
    else if (this.running.has(at)) return fault("#CYCLE!");
    else {
      this.running.add(at);
      found = this.formula(raw);
      this.running.delete(at);
    }
    this.known[at] = found;
    return found;
  }
  formula(raw) {
    try {
      return this.of(new Parser(raw.slice(1)).whole()) ?? 0;
    } catch (error) {
      if (error instanceof Wrong) return fault(error.message);
      return fault("#ERREUR!");
    }
  }
  spend(count = 1) {
    this.spent += count;
    if (this.spent > 150_000) wrong("#ERREUR!");
  }
  of(node) {
    this.spend();
    const [kind] = node;
    let found;
    if (kind === "value") [, found] = node;
    else if (kind === "ref") found = place(node[1]) ? this.value(node[1]) : wrong("#REF!");
    else if (kind === "op") found = this.operated(node[1], this.of(node[2]), this.of(node[3]));
    else if (kind === "call") found = this.called(node[1], node[2]);
    else wrong("#VALEUR!");
    return isFault(found) ? wrong(found.code) : found;
  }
  operated(sign, left, right) {
    if (sign === "&") return (shown(left) + shown(right)).slice(0, 200);
    if (["=", "<>", "<", ">", "<=", ">="].includes(sign)) return compared(sign, left, right);
    const [a, b] = [number(left), number(right)];
    if (sign === "/" && b === 0) wrong("#DIV/0!");
    const found = { "+": a + b, "-": a - b, "*": a * b, "/": a / b, "^": a ** b }[sign];
    return Number.isFinite(found) ? found : wrong("#NOMBRE!");
  }
  many(node) {
    if (node[0] !== "range") return [this.of(node)];
    const names = span(`${node[1]}:${node[2]}`) ?? wrong("#REF!");
    this.spend(names.length);
    return names.map((at) => this.value(at)).map((value) => (isFault(value) ? wrong(value.code) : value));
  }
  numbers(args) {
    return args.flatMap((node) => {
      const values = this.many(node);
      return node[0] === "range" || node[0] === "ref" ? values.filter((value) => typeof value === "number") : values.map(number);
    });
  }
  called(name, args) {
    if (!FUNCTIONS.includes(name)) wrong("#NOM?");
    if (!args.length) wrong("#ERREUR!");
    if (name === "SI") {
      if (args.length < 2 || args.length > 3) wrong("#ERREUR!");
      if (number(this.of(args[0])) !== 0) return this.of(args[1]);
      return args.length === 3 ? this.of(args[2]) : false;
    }
    if (name === "ARRONDI") {
      if (args.length > 2) wrong("#ERREUR!");
      const digits = args.length === 2 ? Math.trunc(number(this.of(args[1]))) : 0;
      const [value, scale] = [number(this.of(args[0])), 10 ** Math.max(-9, Math.min(9, digits))];
      return Math.sign(value) * (Math.floor(Math.abs(value) * scale + 0.5 + 1e-9) / scale);
    }
    if (name === "NB.SI" || name === "SOMME.SI") return this.conditional(name, args);
    if (name === "NBVAL") return args.flatMap((node) => this.many(node)).filter((value) => value !== null).length;
    const values = this.numbers(args);
    const total = values.reduce((sum, value) => sum + value, 0);
    if (name === "NB") return values.length;
    if (name === "SOMME") return Math.round(total * 1e10) / 1e10;
    if (name === "MOYENNE") return values.length ? total / values.length : wrong("#DIV/0!");
    if (!values.length) return 0;
    return name === "MIN" ? Math.min(...values) : Math.max(...values);
  }
  conditional(name, args) {
    if (!(args.length === 2 || (args.length === 3 && name === "SOMME.SI"))) wrong("#ERREUR!");
    const tested = this.many(args[0]);
    let wanted = this.of(args[1]);
    let sign = "=";
    if (typeof wanted === "string") {
      const match = /^(<=|>=|<>|[=<>])/.exec(wanted);
      if (match) [sign, wanted] = [match[0], typed(wanted.slice(match[0].length))[0]];
      else [wanted] = typed(wanted);
    }
    const kept = tested.map((value) => value !== null && (typeof value === "string") === (typeof wanted === "string") && compared(sign, value, wanted));
    if (name === "NB.SI") return kept.filter(Boolean).length;
    const added = args.length === 3 ? this.many(args[2]) : tested;
    return added.reduce((sum, value, rank) => sum + (kept[rank] && typeof value === "number" ? value : 0), 0);
  }
}
