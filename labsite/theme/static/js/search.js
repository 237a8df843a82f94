/* The site's search: as you type, over publications, people, news and pages.
 *
 * Loaded when somebody searches; answers to the event "ls-search" with { opener } (a dialog opens)
 * or { place } (the search page). The data come from search-data.js beside the home page, which
 * calls labsiteSearch(): a script, since a page opened from disk may not fetch.
 */
(function () {
  "use strict";

  const KINDS = { page: "Page", direction: "Research", person: "Person", news: "News" };
  const LIMIT = 30;
  const root = document.documentElement.dataset.content_root || "";
  const LETTERS = { ß: "ss", ø: "o", æ: "ae", œ: "oe", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
  const fold = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase()
    .replace(/[ßøæœłđðþı]/g, (letter) => LETTERS[letter]);
  /* A word as it is written, and with ü for ue and the like. */
  const forms = (word) => [...new Set([word, word.replace(/([aou])e/g, "$1")])];

  let records = null;
  let loading = null;
  let failed = false;

  /* Everything to be found, each with the texts that a word is looked for in and their weights. */
  function unpack(data) {
    const pages = data.pages.map(([address, title, kind, about, text]) => ({
      address, title, kind: KINDS[kind], about,
      fields: [[fold(title), 10], [fold(about), 3], [fold(text), 1]],
    }));
    const papers = data.publications.map(([slug, title, authors, venue, year, more = ""]) => {
      const names = authors.map((number) => data.authors[number]).join(", ");
      const [named, full = ""] = data.venues[venue].split("\t"); // as it is shown, and in full
      const place = named.includes(String(year)) ? named : [named, year].filter(Boolean).join(", ");
      return {
        address: data.address.replace("*", slug), title, kind: "Publication",
        about: `${names}. ${place}`,
        fields: [[fold(title), 8], [fold(names), 4], [fold(`${place} ${full} ${year}`), 4],
          [fold(slug), 2], [fold(more), 2]],
      };
    });
    return pages.concat(papers);
  }

  function load() {
    loading = loading || new Promise((resolve, reject) => {
      failed = false;
      window.labsiteSearch = (data) => { records = unpack(data); };
      const script = document.createElement("script");
      script.src = `${root}search-data.js`;
      script.onload = () => resolve();
      script.onerror = reject;
      document.head.append(script);
    }).catch(() => {
      failed = true;
      loading = null; // the next word tries again
    });
    return loading;
  }

  /* A word counts more at the beginning of a text or of a word in it. */
  function score(record, words, whole) {
    let sum = record.fields[0][0] === whole ? 100 : 0; // the very title
    for (const word of words) {
      let best = 0;
      for (const [text, weight] of record.fields) {
        for (const form of word) {
          const at = text.indexOf(form);
          if (at < 0) continue;
          const begins = at === 0 || text.includes(` ${form}`);
          best = Math.max(best, weight * (begins ? 2 : 1));
        }
      }
      if (!best) return 0;
      sum += best;
    }
    return sum;
  }

  function find(query) {
    const whole = fold(query).trim();
    const words = whole.split(/\s+/).filter(Boolean).map(forms);
    if (!words.length || !records) return [];
    const found = [];
    records.forEach((record, order) => {
      const points = score(record, words, whole);
      if (points) found.push({ record, points, order });
    });
    return found.sort((a, b) => b.points - a.points || a.order - b.order);
  }

  function item(record) {
    const entry = document.createElement("li");
    const link = document.createElement("a");
    const kind = document.createElement("span");
    const about = document.createElement("span");
    link.href = root + record.address;
    link.textContent = record.title;
    kind.className = "ls-result-kind";
    kind.textContent = record.kind;
    about.className = "ls-result-about";
    about.textContent = record.about;
    entry.append(kind, link, about);
    return entry;
  }

  function build(place, query) {
    const form = document.createElement("form");
    const label = document.createElement("label");
    const input = document.createElement("input");
    const status = document.createElement("p");
    const results = document.createElement("ul");
    form.className = "ls-search-form";
    form.setAttribute("role", "search");
    label.className = "ls-label";
    label.textContent = "Search publications, people, news and pages";
    input.type = "search";
    input.name = "q";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.value = query;
    status.className = "ls-result-count";
    status.setAttribute("role", "status");
    results.className = "ls-results";
    label.append(input);
    form.append(label);
    place.append(form, status, results);

    function show() {
      if (!records) {
        status.textContent = failed ? "The search could not be loaded." : "Loading the search …";
        return;
      }
      const found = find(input.value);
      results.replaceChildren(...found.slice(0, LIMIT).map(({ record }) => item(record)));
      const more = found.length > LIMIT ? `, the best ${LIMIT} are shown` : "";
      const count = found.length === 1 ? "1 result" : `${found.length || "No"} results${more}`;
      status.textContent = input.value.trim() ? count : "";
    }

    const links = () => [...results.querySelectorAll("a")];
    input.addEventListener("input", () => {
      if (!records) load().then(show);
      show();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [first] = links();
      if (first) first.click();
    });
    place.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const stops = [input, ...links()];
      const at = stops.indexOf(document.activeElement);
      const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (at >= 0 && next) { event.preventDefault(); next.focus(); }
    });
    load().then(show);
    return { input, show };
  }

  let dialog = null;

  function open() {
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.className = "ls-search-dialog";
      dialog.setAttribute("aria-label", "Search");
      const close = document.createElement("button");
      close.type = "button";
      close.className = "ls-plain";
      close.textContent = "Close";
      close.addEventListener("click", () => dialog.close());
      dialog.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault(); // browsers would only empty the field
        dialog.close();
      });
      dialog.addEventListener("click", (event) => {
        if (event.target === dialog || event.target.closest(".ls-results a")) dialog.close();
      });
      const place = document.createElement("div");
      place.className = "ls-search";
      dialog.append(close, place);
      document.body.append(dialog);
      dialog.parts = build(place, "");
    }
    if (!dialog.open) dialog.showModal(); // which gives the focus back when it closes
    dialog.parts.input.focus();
    dialog.parts.input.select();
  }

  function fill(place) {
    const query = new URL(window.location.href).searchParams.get("q") || "";
    const { input } = build(place, query);
    input.focus();
    input.addEventListener("input", () => {
      const address = new URL(window.location.href);
      if (input.value) address.searchParams.set("q", input.value);
      else address.searchParams.delete("q");
      window.history.replaceState(null, "", address);
    });
  }

  document.addEventListener("ls-search", (event) => {
    if (event.detail.place) fill(event.detail.place);
    else open();
  });
})();
