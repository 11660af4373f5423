// What the endpoint answered, as rows of terms: {columns, rows, triples, ask}.

export function read(type, text) {
  if (type.startsWith("application/sparql-results+json")) {
    const found = JSON.parse(text);
    if ("boolean" in found) return { columns: [], rows: [], ask: found.boolean };
    const columns = found.head.vars;
    return { columns, rows: found.results.bindings.map((row) => columns.map((name) => row[name] ?? null)) };
  }
  const rows = triples(text);
  return { columns: ["subject", "predicate", "object"], rows, triples: true };
}

const TERM = /<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?/gy;
const NAMED = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

// N-Triples, as the endpoint writes them: one statement a line.
export function triples(text) {
  const rows = [];
  for (const line of text.split("\n")) {
    const row = [];
    let at = 0;
    while (row.length < 3) {
      while (line[at] === " ") at += 1;
      TERM.lastIndex = at;
      const found = TERM.exec(line);
      if (!found) break;
      at = TERM.lastIndex;
      row.push(term(found));
    }
    if (row.length === 3) rows.push(row);
  }
  return rows;
}

function term([, iri, blank, text, language, datatype]) {
  if (iri !== undefined) return { type: "uri", value: plain(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  return { type: "literal", value: plain(text), "xml:lang": language, datatype };
}

function plain(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, short, long, one) =>
    short || long ? String.fromCodePoint(parseInt(short ?? long, 16)) : NAMED[one] ?? one);
}
