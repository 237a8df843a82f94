/* Filters over a publication list: words, years, direction, person, type, code or data.
 *
 * Needs: [data-ls-filter] around a form.ls-filters (fields q, from, to, direction, person, type,
 * code; a [role=status]; buttons [type=reset] and [data-ls-export]) and .ls-pub items with data-year,
 * data-type, data-direction, data-person, data-code. Links with data-year in a .ls-rail become
 * buttons. The form is shown where scripts run (html.ls-js); what is chosen stands in the
 * address.
 *
 * A list that is not all in the page names the address of large-list.js as the value of
 * data-ls-filter. That answers to the event "ls-large-list" with { fold, parts, resolve, reject }.
 * Either way a list is { records, show(found), bibtex(found) }: see fromPage().
 */
(function () {
  "use strict";

  const FACETS = ["year", "direction", "person", "type", "code"];
  const CHOICES = FACETS.slice(1);
  const FIELDS = ["q", "from", "to", "direction", "person", "type", "code"];

  const LETTERS = { ß: "ss", ø: "o", æ: "ae", œ: "oe", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
  const fold = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase()
    .replace(/[ßøæœłđðþı]/g, (letter) => LETTERS[letter]);
  /* A word as it is written, and with ü for ue and the like. */
  const forms = (word) => [...new Set([word, word.replace(/([aou])e/g, "$1")])];
  const listed = (text) => (text || "").split(" ").filter(Boolean);
  const counted = (number) => `${number} ${number === 1 ? "publication" : "publications"}`;

  /* What is chosen and what comes of it. */

  function fits(record, facet, wanted) {
    if (facet !== "year") return !wanted[facet] || record[facet].includes(wanted[facet]);
    if (!wanted.from && !wanted.to) return true;
    return record.year[0] >= (wanted.from || 0) && record.year[0] <= (wanted.to || 9999);
  }

  function says(text, words) {
    for (const [word, other] of words) {
      if (!text.includes(word) && !(other && text.includes(other))) return false;
    }
    return true;
  }

  /* Which records match, and how many would with another value of one facet, the rest as it is. */
  function tally(records, wanted) {
    const counts = {};
    FACETS.forEach((facet) => { counts[facet] = { all: 0, of: new Map() }; });
    const found = [];
    const add = (facet, record) => {
      const { of } = counts[facet];
      counts[facet].all += 1;
      for (const value of record[facet]) of.set(value, (of.get(value) || 0) + 1);
    };
    // plain loops: this runs over everything at each keystroke
    for (let index = 0; index < records.length; index += 1) {
      const record = records[index];
      if (!says(record.text, wanted.words)) continue;
      let missed = 0;
      let only = "";
      for (const facet of FACETS) {
        if (!fits(record, facet, wanted)) { missed += 1; only = facet; }
      }
      if (missed === 1) add(only, record);
      if (missed) continue;
      found.push(index);
      for (const facet of FACETS) add(facet, record);
    }
    return { found, counts };
  }

  function yearsBetween(counts, from, to) {
    if (!from && !to) return counts.all;
    let sum = 0;
    counts.of.forEach((number, year) => {
      if (year >= (from || 0) && year <= (to || 9999)) sum += number;
    });
    return sum;
  }

  /* First and last year of 2025, 2020-2024, 2020- or -2024, out of those that there are. */
  function yearsIn(text, known) {
    const [, first, dash, last] = /^(\d{4})?(-?)(\d{4})?$/.exec(text) || [];
    const from = Number(first || 0);
    const to = Number((dash ? last : first) || 9999);
    const within = known.filter((year) => year >= from && year <= to);
    if (!within.length || (!first && !last)) return ["", ""];
    return [first ? String(Math.min(...within)) : "", dash && !last ? "" : String(Math.max(...within))];
  }

  /* BibTeX of several entries: abbreviations once and before their use, parents behind the others. */

  function parts(text) {
    const found = [];
    let depth = 0;
    for (const line of text.split("\n")) {
      if (depth <= 0 && line.startsWith("@")) { found.push(line); depth = 0; }
      else if (found.length) found[found.length - 1] += `\n${line}`;
      depth += line.split("{").length - line.split("}").length;
    }
    return found.map((part) => part.trimEnd());
  }

  function joined(texts) {
    const isString = (part) => /^@\s*string\b/i.test(part);
    const own = new Map();
    const parents = new Map();
    texts.map(parts).forEach((all) => {
      const strings = all.filter(isString);
      all.filter((part) => !isString(part)).forEach((part, index) => {
        if (index) parents.delete(part);
        (index ? parents : own).set(part, strings);
      });
    });
    const defined = new Map();
    const lines = [];
    const write = (strings, part) => {
      strings.forEach((string) => {
        const name = string.split("=")[0].toLowerCase();
        if (defined.get(name) !== string) lines.push(string);
        defined.set(name, string);
      });
      lines.push(part);
    };
    own.forEach((strings, part) => { if (!parents.has(part)) write(strings, part); });
    parents.forEach(write);
    return `${lines.join("\n")}\n`;
  }

  function save(text, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/x-bibtex" }));
    link.download = name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /* DOI and arXiv number, which readers paste. */
  function identifiers(element) {
    const links = element.querySelectorAll('a[href*="//doi.org/"], a[href*="//arxiv.org/abs/"]');
    return Array.from(links, ({ href }) => decodeURIComponent(href).replace(/^.*?\.org\/(abs\/)?/, ""));
  }

  /* The list as it stands in the page. */

  function fromPage(listing) {
    const items = [...listing.querySelectorAll(".ls-pub")];
    const groups = [...listing.querySelectorAll(".ls-pub-group")];
    const legend = listing.parentElement.querySelector(".ls-legend");
    const records = items.map((element) => ({
      text: fold([".ls-pub-title", ".ls-pub-authors", ".ls-venue"].map((part) => {
        const node = element.querySelector(part);
        return node ? `${node.textContent} ${node.title}` : "";
      }).concat(element.dataset.year || "", element.id.slice(4), identifiers(element)).join(" ")),
      year: listed(element.dataset.year).map(Number),
      direction: listed(element.dataset.direction),
      person: listed(element.dataset.person),
      type: listed(element.dataset.type),
      code: listed(element.dataset.code),
    }));

    function show(found) {
      const shown = found && new Set(found);
      items.forEach((item, index) => { item.hidden = Boolean(shown) && !shown.has(index); });
      groups.forEach((group) => { group.hidden = !group.querySelector(".ls-pub:not([hidden])"); });
      if (legend) legend.hidden = !listing.querySelector(".ls-pub:not([hidden]) .ls-equal");
    }

    function textOf(index) {
      const source = items[index].querySelector(".ls-bibtex pre");
      if (source) return source.textContent;
      return fetch(items[index].querySelector("a[data-ls-bibtex]").href).then((file) => file.text());
    }

    return { records, show, bibtex: (found) => Promise.all(found.map(textOf)) };
  }

  /* The list that is not in the page: its script and data come when they are first asked for. */
  let largeList = null;
  function fromData(listing) {
    largeList = largeList || new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = listing.dataset.lsFilter;
      script.onload = resolve;
      script.onerror = () => { largeList = null; reject(); };
      document.head.append(script);
    });
    return largeList.then(() => new Promise((resolve, reject) => {
      const detail = { fold, parts, resolve, reject };
      listing.dispatchEvent(new CustomEvent("ls-large-list", { bubbles: true, detail }));
    }));
  }

  /* The years beside the list: links without this script, buttons with it. */
  function startRail(listing, choose) {
    const links = [...listing.querySelectorAll(".ls-rail a[data-year]")];
    const gone = links.find((link) => window.location.hash === `#y${link.dataset.year}`);
    if (gone && !gone.hash) window.location.replace(gone.href); // a year that has its own page now
    const years = links.map((link) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...link.childNodes);
      button.addEventListener("click", (event) => choose(Number(link.dataset.year), event.shiftKey));
      link.replaceWith(button);
      return {
        button,
        year: Number(link.dataset.year),
        bar: button.querySelector("rect"),
        count: button.querySelector(".ls-rail-number"),
        noun: button.querySelector(".ls-hidden"),
      };
    });
    listing.querySelectorAll(".ls-rail-hint").forEach((hint) => { hint.hidden = !years.length; });

    return function show(wanted, { year: counts }) {
      const most = Math.max(1, ...years.map(({ year }) => counts.of.get(year) || 0));
      years.forEach(({ button, year, bar, count, noun }) => {
        const number = counts.of.get(year) || 0;
        const pressed = Boolean(wanted.from || wanted.to) && fits({ year: [year] }, "year", wanted);
        button.setAttribute("aria-pressed", String(pressed));
        button.disabled = !number && !pressed;
        count.textContent = number;
        noun.textContent = number === 1 ? " publication" : " publications";
        bar.setAttribute("width", ((100 * number) / most).toFixed(1));
      });
    };
  }

  function start(listing) {
    const form = listing.querySelector("form.ls-filters");
    const fields = form.elements;
    const status = form.querySelector("[role=status]");
    const reset = form.querySelector("[type=reset]");
    const exporter = form.querySelector("[data-ls-export]");
    const large = Boolean(listing.dataset.lsFilter);
    const labels = new Map(Array.from(form.querySelectorAll("option"), (option) => [
      option, option.textContent,
    ]));
    let list = large ? null : fromPage(listing);
    let loading = null;
    let found = null;
    let begin = 0;
    let typed = false;

    function wanted() {
      const value = Object.fromEntries(FIELDS.map((name) => [name, fields[name].value]));
      value.code = fields.code.checked ? fields.code.value : "";
      value.words = fold(value.q).split(/\s+/).filter(Boolean).map(forms);
      value.any = FIELDS.some((name) => value[name].trim());
      value.from = Number(value.from);
      value.to = Number(value.to);
      return value;
    }

    function numberOf(option, name, now, counts) {
      if (name === "from") return yearsBetween(counts.year, Number(option.value), now.to);
      if (name === "to") return yearsBetween(counts.year, now.from, Number(option.value));
      return option.value ? counts[name].of.get(option.value) || 0 : counts[name].all;
    }

    /* The counts that a large list brings along, before its data are there. */
    function givenCounts() {
      const counts = {};
      for (const [facet, name] of [["year", "from"], ...CHOICES.map((choice) => [choice, choice])]) {
        const options = fields[name].options ? [...fields[name].options] : [fields[name]];
        counts[facet] = { all: Number(listing.dataset.lsTotal), of: new Map(options.map((option) => [
          facet === "year" ? Number(option.value) : option.value, Number(option.dataset.count || 0),
        ])) };
      }
      return counts;
    }

    function showCounts(now, counts) {
      labels.forEach((label, option) => {
        const number = numberOf(option, option.closest("select").name, now, counts);
        const text = `${label} (${number})`;
        if (option.textContent !== text) option.textContent = text;
        option.disabled = !number && Boolean(option.value) && !option.selected;
      });
      const withCode = counts.code.of.get(fields.code.value) || 0;
      form.querySelector("[data-ls-number]").textContent = ` (${withCode})`;
      fields.code.disabled = !withCode && !fields.code.checked;
    }

    function apply() {
      const now = wanted();
      if (reset === document.activeElement && !now.any) fields.q.focus(); // it is about to go
      reset.hidden = !now.any;
      if (!list) {
        if (now.any) load();
        else [showCounts, showRail].forEach((part) => part(now, givenCounts()));
        return;
      }
      const result = tally(list.records, now);
      found = result.found;
      list.show(now.any ? found : null);
      listing.toggleAttribute("data-ls-filtered", now.any);
      showCounts(now, result.counts);
      showRail(now, result.counts);
      const all = list.records.length;
      const some = found.length ? `${found.length} of ${counted(all)}` : `No publication of ${all} matches`;
      status.textContent = found.length === all ? counted(all) : some;
      exporter.hidden = !found.length || (large && window.location.protocol === "file:");
      exporter.querySelector("[data-ls-number]").textContent = found.length;
    }

    function load() {
      if (loading || list) return;
      loading = fromData(listing);
      if (wanted().any) status.textContent = "Loading all publications";
      loading.then((value) => { list = value; apply(); }, () => {
        loading = null;
        status.textContent = "The filter could not be loaded.";
      });
    }

    /* The address: ?q=&year=2020-2024&direction=&person=&type=&code=1 */

    function remember(isNew) {
      const now = wanted();
      const address = new URL(window.location.href);
      const years = now.from === now.to ? now.from || "" : `${now.from || ""}-${now.to || ""}`;
      const values = { q: now.q.trim(), year: String(years), direction: now.direction,
        person: now.person, type: now.type, code: now.code };
      for (const [name, value] of Object.entries(values)) {
        if (value) address.searchParams.set(name, value);
        else address.searchParams.delete(name);
      }
      if (address.href === window.location.href) return;
      try {
        window.history[isNew ? "pushState" : "replaceState"](window.history.state, "", address);
      } catch { /* opened from disk in a browser that forbids it: the list is filtered all the same */ }
    }

    function restore() {
      const given = new URL(window.location.href).searchParams;
      const known = [...fields.from.options].map((option) => Number(option.value)).filter(Boolean);
      const [from, to] = yearsIn(given.get("year") || "", known);
      fields.from.value = from;
      fields.to.value = to;
      fields.q.value = given.get("q") || "";
      for (const name of CHOICES) {
        const { options } = fields[name];
        const known = options && [...options].some(({ value }) => value === given.get(name));
        if (options) fields[name].value = known ? given.get(name) : "";
      }
      fields.code.checked = given.get("code") === fields.code.value;
    }

    function clear() {
      FIELDS.filter((name) => name !== "code").forEach((name) => { fields[name].value = ""; });
      fields.code.checked = false;
      remember(true);
      typed = false;
      apply();
    }

    /* One year, or none if it was the one; with extend from where the choice began up to this. */
    function chooseYear(year, extend) {
      const { from, to } = wanted();
      const begun = begin && (begin === from || begin === to) ? begin : from || to || year;
      const none = !extend && from === year && to === year;
      begin = extend ? begun : year;
      fields.from.value = none ? "" : String(Math.min(begin, year));
      fields.to.value = none ? "" : String(Math.max(begin, year));
      remember(true);
      typed = false;
      apply();
    }

    const showRail = startRail(listing, chooseYear);
    form.addEventListener("input", (event) => {
      const typing = event.target === fields.q;
      remember(!typing || !typed); // one step back for a choice, and one for all that was typed
      typed = typing;
      apply();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", (event) => { event.preventDefault(); clear(); });
    if (large) listing.addEventListener("focusin", load);
    listing.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing || !wanted().any) return;
      if (event.target.closest("select, .ls-bibtex")) return; // which have a use for the key, or seem to
      event.preventDefault();
      clear();
    });
    window.addEventListener("popstate", () => { typed = false; restore(); apply(); });
    exporter.addEventListener("click", () => {
      list.bibtex(found).then((texts) => save(joined(texts), "publications.bib"), () => {
        status.textContent = "The file could not be made.";
      });
    });
    restore();
    apply();
  }

  document.querySelectorAll("[data-ls-filter]").forEach(start);
})();
