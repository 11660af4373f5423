// What can stand here: keywords, the query's variables, and the terms that the graph really uses.

const KEYWORDS = ("SELECT CONSTRUCT DESCRIBE ASK WHERE FROM NAMED PREFIX BASE OPTIONAL FILTER UNION MINUS GRAPH BIND VALUES AS " +
  "DISTINCT REDUCED GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET EXISTS NOT IN UNDEF COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT " +
  "STR LANG LANGMATCHES DATATYPE BOUND IRI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE CONTAINS STRSTARTS " +
  "STRENDS STRBEFORE STRAFTER YEAR MONTH DAY NOW COALESCE IF STRLANG STRDT isIRI isLITERAL REGEX SUBSTR REPLACE").split(" ");

// prefixes: {prefix: namespace}; terms: a promise of [{term, kind, count}], most frequent first.
export function completer(prefixes, terms, texts) {
  const short = (iri) => {
    let best = "";
    for (const [prefix, space] of Object.entries(prefixes)) {
      if (iri.startsWith(space) && space.length > (prefixes[best]?.length ?? 0)) best = prefix;
    }
    const local = best && iri.slice(prefixes[best].length);
    return local && /^[\w-]+$/.test(local) ? `${best}:${local}` : "";
  };
  const known = terms.then((found) => found.map((one) => ({
    label: short(one.term), type: one.kind === "class" ? "class" : "property",
    detail: texts[one.kind].replace("%s", one.count.toLocaleString(document.documentElement.lang)),
    apply: (view, completion, from, to) => put(view, completion.label, from, to, prefixes),
  })).filter((one) => one.label));

  return async (context) => {
    const text = context.state.doc.toString();
    const declared = context.matchBefore(/PREFIX\s+[\w-]*:?/i);
    if (declared) {
      const from = declared.from + declared.text.search(/[\w-]*:?$/);
      return { from, options: Object.entries(prefixes).map(([name, space]) => ({ label: `${name}:`, detail: space, apply: `${name}: <${space}>` })) };
    }
    const word = context.matchBefore(/[?$]?[\w-]*:?[\w-]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    if (/^[?$]/.test(word.text)) {
      const names = new Set(text.match(/[?$]\w+/g));
      names.delete(word.text);
      return { from: word.from, options: [...names].map((label) => ({ label, type: "variable" })), validFor: /^[?$]\w*$/ };
    }
    const options = [...(await known), ...KEYWORDS.map((label) => ({ label, type: "keyword", boost: -1 }))];
    return { from: word.from, options, validFor: /^[\w-]*:?[\w-]*$/ };
  };
}

// A term is written; its prefix is declared at the top where it is not yet.
function put(view, label, from, to, prefixes) {
  const prefix = label.split(":")[0];
  const changes = [{ from, to, insert: label }];
  if (!new RegExp(`PREFIX\\s+${prefix}:`, "i").test(view.state.doc.toString())) {
    changes.unshift({ from: 0, insert: `PREFIX ${prefix}: <${prefixes[prefix]}>\n` });
  }
  const change = view.state.changes(changes);
  view.dispatch({ changes: change, selection: { anchor: change.mapPos(to, 1) } });
}
