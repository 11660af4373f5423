// The search of an offline bundle (docs/offline.md): small, without libraries, without requests
// other than scripts beside this page. The index is written by qcp_graph/server/offline/words.py.
"use strict";
(() => {
  const LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "ħ": "h", "ς": "σ", "ـ": "",
  };
  const SHOWN = 20;
  const MOST_PIECES = 60;
  const MOST_WORDS = 12;
  const LONGEST = 40;
  const END = "\uffff";

  // Pieces arrive as scripts that call take(); each is asked for once.
  const waiting = new Map();
  const asked = new Map();

  function take(kind, number, value) {
    const done = waiting.get(kind + number);
    if (done) done(value);
  }

  function piece(kind, number) {
    const name = kind + number;
    if (!asked.has(name)) {
      asked.set(name, new Promise((done, failed) => {
        waiting.set(name, done);
        const script = document.createElement("script");
        script.src = kind === "meta" ? "search/meta.js" : `search/${kind}/${number}.js`;
        script.onload = () => script.remove();
        script.onerror = () => { asked.delete(name); failed(new Error(script.src)); };
        document.head.append(script);
      }));
    }
    return asked.get(name);
  }

  function fold(text) {
    const bare = text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    return bare.replace(/[ßæœøłđðþıħςـ]/g, (letter) => LETTERS[letter]);
  }

  function words(text) {
    const found = fold(text).match(/[\p{L}\p{N}]+/gu) || [];
    return found.map((word) => Array.from(word).slice(0, LONGEST).join(""));
  }

  // The places of all that begins with a word: place → 2 where it is the whole word, else 1.
  async function places(word, whole) {
    const { firsts } = await piece("meta", 0);
    let first = 0;
    while (first + 1 < firsts.length && firsts[first + 1] <= word) first += 1;
    let last = first;
    const end = whole ? word : word + END;
    while (last + 1 < firsts.length && firsts[last + 1] <= end && last - first < MOST_PIECES) last += 1;
    const numbers = [];
    for (let n = first; n <= last && firsts.length; n += 1) numbers.push(n);
    const found = new Map();
    for (const held of await Promise.all(numbers.map((n) => piece("words", n)))) {
      for (const [key, steps] of Object.entries(held)) {
        if (key !== word && (whole || !key.startsWith(word))) continue;
        let place = 0;
        for (const step of steps.split(" ")) {
          place += parseInt(step, 36);
          if (key === word) found.set(place, 2);
          else if (!found.has(place)) found.set(place, 1);
        }
      }
    }
    return found;
  }

  // The numbers of the qualifications that a text finds, the best first: by their code, then
  // those that have all words, whole words before beginnings, short titles before long ones.
  async function search(text) {
    const { lengths } = await piece("meta", 0);
    const wanted = [...new Set(words(text))].slice(0, MOST_WORDS);
    if (!wanted.length) return [];
    const compact = Array.from(words(text).join("")).slice(0, LONGEST).join("");
    const [coded, ...lists] = await Promise.all([
      compact.length > 1 ? places("=" + compact, false) : new Map(),
      ...wanted.map((word) => places(word, Array.from(word).length < 2)),
    ]);
    lists.sort((a, b) => a.size - b.size);
    const scores = new Map();
    for (const [place, score] of lists[0]) {
      let sum = score;
      for (const list of lists.slice(1)) {
        if (!list.has(place)) { sum = 0; break; }
        sum += list.get(place);
      }
      if (sum) scores.set(place, sum);
    }
    for (const [place, score] of coded) scores.set(place, 1000 * score);
    const size = (place) => parseInt(lengths[place], 36);
    return [...scores.keys()].sort(
      (a, b) => scores.get(b) - scores.get(a) || size(a) - size(b) || a - b);
  }

  async function document_(place) {
    const { size } = await piece("meta", 0);
    return (await piece("documents", Math.floor(place / size)))[place % size];
  }

  window.qcpOffline = { take, words, search };

  const box = document.getElementById("search");
  if (!box) return;
  const input = document.getElementById("q");
  const count = document.getElementById("found-count");
  const list = document.getElementById("found");
  const more = document.getElementById("more");
  const results = document.getElementById("results");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let turn = 0;
  let found = [];

  async function show(until) {
    const mine = turn;
    const next = found.slice(list.children.length, until);
    const held = await Promise.all(next.map(document_));
    if (mine !== turn) return;
    for (const [title, language, file, about] of held) {
      const item = document.createElement("li");
      const head = document.createElement("h3");
      const link = document.createElement("a");
      link.href = file;
      link.textContent = title;
      if (language) { link.lang = language; link.dir = "auto"; }
      head.append(link);
      const line = document.createElement("p");
      line.className = "meta";
      line.textContent = about;
      item.append(head, line);
      list.append(item);
    }
    more.hidden = list.children.length >= found.length;
  }

  async function run() {
    turn += 1;
    const mine = turn;
    const text = input.value.trim();
    try {
      history.replaceState(null, "", text ? "#q=" + encodeURIComponent(text) : "#");
    } catch { /* a browser that keeps the address of a file as it is */ }
    count.textContent = text ? box.dataset.wait : "";
    const result = text ? await search(text) : [];
    if (mine !== turn) return;
    found = result;
    list.replaceChildren();
    more.hidden = true;
    results.hidden = !found.length;
    if (text) count.textContent = found.length
      ? `${box.dataset.found}: ${number.format(found.length)}` : box.dataset.none;
    await show(SHOWN);
  }

  function failed() { count.textContent = box.dataset.none; }

  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => run().catch(failed), 120);
  });
  more.addEventListener("click", () => show(list.children.length + SHOWN).catch(failed));
  box.hidden = false;
  const given = /^#q=(.*)$/.exec(location.hash);
  if (given) {
    try { input.value = decodeURIComponent(given[1]); } catch { input.value = given[1]; }
    run().catch(failed);
  }
})();
