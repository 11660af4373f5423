// The query page with a script: an editor, answers on the page, share and download. The page's form
// works without it and stays what sends the query when something here fails. The editor is three times
// as heavy as all the rest of a page: it comes when the reader asks for it.
import { read } from "./answers.js";
import { completer } from "./completing.js";
import { chart, element, picture, table } from "./views.js";

const LONGEST_ADDRESS = 6000;
const ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9";

const form = document.querySelector("form.query");
if (form) start(form);

function start(form) {
  const given = JSON.parse(form.dataset.workbench);
  const area = form.querySelector("textarea");
  const site = { ...given, short: shortener(given.prefixes, given.base) };
  const address = new URL(form.action);
  const out = element("section", { class: "answer", "aria-live": "polite", "aria-label": given.texts.answer });
  form.after(out);
  let running = null;

  const open = element("button", { type: "button", class: "plain" }, given.texts.edit);
  open.addEventListener("click", async () => {
    open.disabled = true;
    try {
      const { edit } = await import("./editor.js");
      const view = edit(area, { label: given.texts.query, complete: completer(given.prefixes, terms(), given.texts), run });
      open.remove();
      view.focus();
    } catch {
      open.replaceWith(element("span", { role: "status" }, given.texts.no_editor));
    }
  });
  form.elements.format.closest(".row").append(open);

  const terms = () => fetch(`${given.root}/api/queries/terms-of-the-graph?format=json`)
    .then((got) => (got.ok ? got.json() : { results: { bindings: [] } }))
    .then((got) => got.results.bindings.map((row) => ({ term: row.term.value, kind: row.kind.value, count: Number(row.count.value) })))
    .catch(() => []);
  form.elements.format.prepend(element("option", { value: "" }, given.texts.here));
  form.elements.format.value = "";
  form.addEventListener("submit", (event) => {
    if (form.elements.format.value) return; // somebody wants the file itself
    event.preventDefault();
    run();
  });

  async function run() {
    running?.abort();
    const mine = (running = new AbortController());
    const stop = element("button", { type: "button" }, given.texts.stop);
    stop.addEventListener("click", () => mine.abort());
    out.replaceChildren(element("p", { role: "status" }, `${given.texts.running} `), stop);
    const query = area.value;
    const began = performance.now();
    try {
      const got = await fetch(address, {
        method: "POST", body: new URLSearchParams({ query }), headers: { Accept: ACCEPT }, signal: mine.signal,
      });
      const text = await got.text();
      const type = got.headers.get("Content-Type") ?? "";
      if (mine !== running) return;
      if (got.ok) show(query, type, text, performance.now() - began);
      else failed(type.includes("json") ? JSON.parse(text) : { title: `${got.status}` });
    } catch (error) {
      if (mine !== running) return;
      if (error.name === "AbortError") out.replaceChildren(element("p", {}, given.texts.stopped));
      else failed({ title: given.texts.unreachable, detail: String(error.message) });
    }
  }

  function failed({ title, detail, remedy }) {
    out.replaceChildren(element("div", { class: "notice", role: "alert" }, element("p", {}, element("strong", {}, title)), element("p", {}, detail ?? ""), element("p", {}, remedy ?? "")));
  }

  function show(query, type, text, milliseconds) {
    const answer = read(type, text);
    const views = [["table", () => table(answer, site)], ["chart", () => chart(answer, site)], ["picture", () => picture(answer, site)], ["raw", () => element("pre", { tabindex: "0" }, text)]];
    const place = element("div", {});
    const buttons = element("div", { class: "row small", role: "group", "aria-label": given.texts.views });
    for (const [name, make] of views) {
      const button = element("button", { type: "button", "aria-pressed": "false" }, given.texts[name]);
      button.addEventListener("click", () => {
        for (const one of buttons.children) one.setAttribute("aria-pressed", String(one === button));
        place.replaceChildren(make() ?? element("p", {}, given.texts[`no_${name}`]));
      });
      buttons.append(button);
    }
    const lang = document.documentElement.lang;
    const said = given.texts.said.replace("%n", answer.rows.length.toLocaleString(lang)).replace("%t", Math.round(milliseconds).toLocaleString(lang));
    out.replaceChildren(element("h2", {}, given.texts.answer), element("p", { class: "quiet", role: "status" }, said), buttons, place, taking(query, answer));
    buttons.firstChild.click();
  }

  // Share and download: plain addresses, so that they can be copied, saved and put into a script.
  function taking(query, { triples }) {
    const ask = (path, more) => `${path}?${new URLSearchParams({ query, ...more })}`;
    const link = ask(location.pathname, {});
    const row = element("p", { class: "row small taking" });
    if (link.length > LONGEST_ADDRESS) {
      row.append(given.texts.long);
      return row;
    }
    history.replaceState(null, "", link);
    const copy = element("button", { type: "button" }, given.texts.share);
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(new URL(link, location.href).href);
      copy.textContent = given.texts.copied;
    });
    row.append(copy, ` ${given.texts.download} `);
    for (const [format, name] of triples ? given.graphs : given.results) {
      row.append(element("a", { href: ask(address.pathname, { format }), download: `query.${format}` }, name), " ");
    }
    return row;
  }
}

function shortener(prefixes, base) {
  const known = Object.entries(prefixes).sort((a, b) => b[1].length - a[1].length);
  return (iri) => {
    if (iri.startsWith(base) && iri.length > base.length) return iri.slice(base.length);
    const found = known.find(([, space]) => iri.startsWith(space) && /^[\w.-]+$/.test(iri.slice(space.length)));
    return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
  };
}
