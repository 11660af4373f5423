// The same answer in several views: table, bars, a picture of what points to what.
import { forceCenter, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";

const MOST_ROWS = 1000;
const MOST_BARS = 50;
const MOST_NODES = 120;
const SVG = "http://www.w3.org/2000/svg";

export function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== false) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

function drawn(name, attributes = {}, ...content) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

const numeric = (term) => term?.type === "literal" && /(integer|decimal|double|float|int|long|nonNegativeInteger)$/.test(term.datatype ?? "");
// The end of an address, with the part before it where the end alone says too little.
function tail(iri) {
  const parts = iri.replace(/[/#]+$/, "").split(/[/#]/);
  return decodeURIComponentSafe(parts.slice(parts.at(-1).length < 3 ? -2 : -1).join("/"));
}

const decodeURIComponentSafe = (text) => { try { return decodeURIComponent(text); } catch { return text; } };

// An address is only made of web addresses: a graph may hold anything, "javascript:" too.
function reference(iri, { root, base }) {
  if (iri.startsWith(base)) return `${root}/${iri.slice(base.length)}`;
  return /^https?:\/\//i.test(iri) ? `${root}/resource?iri=${encodeURIComponent(iri)}` : null;
}

function cell(term, site) {
  if (!term) return element("td", { class: "absent" }, "–");
  if (term.type === "uri") {
    const address = reference(term.value, site);
    const shown = site.short(term.value);
    return element("td", {}, address ? element("a", { href: address, title: term.value }, shown) : shown);
  }
  return element("td", { lang: term["xml:lang"], class: numeric(term) ? "number" : undefined }, term.value);
}

export function table({ columns, rows, ask }, site) {
  if (ask !== undefined) return element("p", {}, element("strong", {}, ask ? site.texts.yes : site.texts.no));
  if (!rows.length) return element("p", {}, site.texts.none);
  const head = element("thead", {}, element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name))));
  const body = element("tbody", {}, ...rows.slice(0, MOST_ROWS).map((row) => element("tr", {}, ...row.map((term) => cell(term, site)))));
  const found = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": site.texts.table }, element("table", {}, head, body));
  if (rows.length <= MOST_ROWS) return found;
  return element("div", {}, element("p", { class: "quiet" }, site.texts.cut.replace("%s", MOST_ROWS)), found);
}

// Bars: the first column of numbers, named by the columns of other things. null where there is none.
export function chart({ columns, rows }, site) {
  const numbers = columns.map((_, n) => n).filter((n) => rows.some((row) => row[n]) && rows.every((row) => !row[n] || numeric(row[n])));
  if (!numbers.length || columns.length < 2) return null;
  const [value] = numbers;
  const names = columns.map((_, n) => n).filter((n) => n !== value && (!numbers.includes(n) || numbers.length === columns.length));
  const shown = rows.filter((row) => row[value]).slice(0, MOST_BARS);
  const most = Math.max(...shown.map((row) => Math.abs(Number(row[value].value))), 0) || 1;
  const name = (row) => names.map((n) => row[n]).filter(Boolean).map((term) => (term.type === "uri" ? site.short(term.value) : term.value)).join(" · ");
  const bars = shown.map((row, n) => {
    const number = Number(row[value].value);
    const long = name(row);
    return drawn("g", { transform: `translate(0 ${n * 26})` },
      drawn("title", {}, `${long}: ${row[value].value}`),
      drawn("text", { x: 292, y: 17, "text-anchor": "end" }, long.length > 42 ? `${long.slice(0, 41)}…` : long),
      drawn("rect", { x: 300, y: 4, width: Math.max(1, (Math.abs(number) / most) * 400), height: 18, class: number < 0 ? "negative" : "amount" }),
      drawn("text", { x: 306 + (Math.abs(number) / most) * 400, y: 17 }, row[value].value));
  });
  return drawn("svg", { viewBox: `0 0 780 ${shown.length * 26 + 8}`, class: "chart", role: "img", "aria-label": `${site.texts.chart}: ${columns[value]}` }, ...bars);
}

// A picture of the statements, or of the first two columns of IRIs. null where there is nothing to draw.
export function picture(answer, site) {
  const edges = edgesOf(answer);
  if (!edges.length) return null;
  const nodes = new Map();
  const links = [];
  for (const [from, to, about] of edges) {
    for (const one of [from, to]) if (!nodes.has(one) && nodes.size < MOST_NODES) nodes.set(one, { id: one });
    if (nodes.has(from) && nodes.has(to)) links.push({ source: from, target: to, about });
  }
  const all = [...nodes.values()];
  const simulation = forceSimulation(all).force("link", forceLink(links).id((one) => one.id).distance(90))
    .force("charge", forceManyBody().strength(-220)).force("centre", forceCenter(0, 0)).force("x", forceX().strength(0.06)).force("y", forceY().strength(0.09)).stop();
  simulation.tick(220);
  const [left, right, top, bottom] = [Math.min, Math.max, Math.min, Math.max].map((pick, n) => pick(...all.map((one) => (n < 2 ? one.x : one.y))));
  const lines = links.map((one) => drawn("line", { x1: one.source.x, y1: one.source.y, x2: one.target.x, y2: one.target.y }, drawn("title", {}, one.about)));
  const dots = all.map((one) => {
    const address = reference(one.id, site);
    const dot = drawn("g", { transform: `translate(${one.x.toFixed(1)} ${one.y.toFixed(1)})` }, drawn("title", {}, one.id), drawn("circle", { r: 6 }), drawn("text", { x: 9, y: 4 }, tail(one.id).slice(0, 30)));
    return address ? drawn("a", { href: address }, dot) : dot;
  });
  const box = [left - 40, top - 30, right - left + 260, bottom - top + 60].map(Math.round).join(" ");
  return drawn("svg", { viewBox: box, class: "picture", role: "group", "aria-label": site.texts.picture }, drawn("g", { class: "lines" }, ...lines), ...dots);
}

function edgesOf({ columns, rows, triples }) {
  if (triples) {
    return rows.filter(([, , object]) => object.type === "uri").map(([subject, predicate, object]) => [subject.value, object.value, predicate.value]);
  }
  const named = columns.map((_, n) => n).filter((n) => rows.some((row) => row[n]?.type === "uri"));
  if (named.length < 2) return [];
  const [from, to] = named;
  return rows.filter((row) => row[from]?.type === "uri" && row[to]?.type === "uri").map((row) => [row[from].value, row[to].value, `${columns[from]} – ${columns[to]}`]);
}
