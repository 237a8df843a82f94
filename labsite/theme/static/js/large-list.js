/* A publication list that is not all in the page: its records come from data, and what matches is
 * drawn, some at a time, in place of [data-ls-whole].
 *
 * Loaded by filter.js when somebody uses the filters; answers to its event "ls-large-list". The data
 * are search-data.js (titles, authors, venues, years) and filter-data.js (the rest, in the same
 * order) beside the home page: scripts, since a page opened from disk may not fetch.
 */
(function () {
  "use strict";

  const STEP = 50;
  const SINGLE_FILES = 60;
  const root = document.documentElement.dataset.content_root || "";

  function data(file, callback) {
    return new Promise((resolve, reject) => {
      const before = window[callback]; // the search wants the same data
      window[callback] = (value) => { if (before) before(value); resolve(value); };
      const script = document.createElement("script");
      script.src = root + file;
      script.onload = reject; // in vain, if the data have come
      script.onerror = reject;
      document.head.append(script);
    });
  }

  function element(tag, name, ...children) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...children);
    return made;
  }

  function link(href, name, ...children) {
    const made = element("a", name, ...children);
    made.href = /^[a-z][a-z0-9+.-]*:/i.test(href) ? href : root + href;
    return made;
  }

  /* What one may ask of the data, by the number of a publication. */
  function reader(search, rest) {
    const paper = (number) => search.publications[number];
    return {
      key: (number) => rest.keys[number] || paper(number)[0],
      page: (number) => search.address.replace("*", paper(number)[0]),
      bibtex: (number) => rest.bibtex.replace("*", paper(number)[0]),
      title: (number) => paper(number)[1],
      authors: (number) => paper(number)[2].map((author) => search.authors[author]),
      venue: (number) => search.venues[paper(number)[3]].split("\t")[0] || rest.archives[rest.archive[number] - 1],
      year: (number) => paper(number)[4],
      kind: (number) => rest.kinds[rest.kind[number]],
      direction: (number) => rest.directions[rest.direction[number][0]],
      person: (name) => rest.people[rest.members[name]],
      retracted: (number) => rest.retracted[number],
      others: (number) => rest.others.includes(number),
    };
  }

  function recordsOf(search, rest, fold) {
    const authors = search.authors.map(fold);
    const venues = search.venues.map(fold);
    const archives = rest.archives.map(fold);
    return search.publications.map(([, title, names, venue, year], number) => ({
      text: [
        fold(title), names.map((name) => authors[name]).join(", "),
        venues[venue] || archives[rest.archive[number] - 1] || "", year,
      ].join(" "),
      year: year ? [year] : [],
      direction: rest.direction[number].map((index) => rest.directions[index][0]),
      person: rest.person[number].map((index) => rest.people[index][0]),
      type: [rest.kinds[rest.kind[number]][0]],
      code: rest.code[number] ? ["1"] : [],
    }));
  }

  function entry(about, number) {
    const hidden = () => element("span", "ls-hidden", ` of ${about.title(number)}`);
    const title = element("p", "ls-pub-title", link(about.page(number), "", about.title(number)));
    const authors = element("p", "ls-pub-authors");
    about.authors(number).forEach((name, index) => {
      const person = about.person(name);
      if (index) authors.append(", ");
      if (!person) authors.append(name);
      else authors.append(person[1] ? link(person[1], "ls-member", name) : element("b", "ls-member", name));
    });
    if (about.others(number)) authors.append(", et al.");
    const meta = element("div", "ls-pub-meta");
    const [venue, year] = [about.venue(number) || "", String(about.year(number))];
    if (venue) meta.append(element("span", "ls-venue", venue), " ");
    if (year && !venue.includes(year)) meta.append(element("span", "ls-year", year), " ");
    const [, kind] = about.kind(number);
    if (kind) meta.append(element("span", "ls-kind", kind), " ");
    if (about.retracted(number)) meta.append(link(about.retracted(number), "ls-retracted", "Retracted", hidden()), " ");
    const direction = about.direction(number);
    if (direction) meta.append(link(direction[3], `ls-direction ls-d${direction[2]}`, direction[1]), " ");
    const bibtex = link(about.bibtex(number), "ls-pub-link", "BibTeX", hidden());
    bibtex.download = "";
    meta.append(bibtex);
    const item = element("li", "ls-pub", title, authors, meta);
    item.dataset.pubKey = about.key(number);
    return item;
  }

  /* BibTeX of many, out of the file of all: each with the abbreviations and parents it needs. */
  function cutOut(text, wanted, parts) {
    const defined = new Map();
    const entries = new Map();
    parts(text).forEach((part) => {
      const [, type, name] = /^@\s*(\w+)\s*[{(]\s*([^\s,={}"#]+)/.exec(part) || [];
      if (!name) return;
      if (type.toLowerCase() === "string") { defined.set(name.toLowerCase(), part); return; }
      const words = Array.from(part.matchAll(/[=#]\s*([a-z][^\s,={}"#]*)/gi), ([, word]) => word);
      const strings = new Set(words.map((word) => defined.get(word.toLowerCase())).filter(Boolean));
      entries.set(name, [...strings, part]);
    });
    const withParents = (key, seen) => {
      if (!entries.has(key) || seen.has(key)) return [];
      seen.add(key);
      const own = entries.get(key);
      const named = own[own.length - 1].matchAll(/\b(?:crossref|xdata)\s*=\s*[{"]([^}"]*)/gi);
      const parents = [...named].flatMap(([, keys]) => keys.split(","));
      return own.concat(parents.flatMap((parent) => withParents(parent.trim(), seen)));
    };
    return wanted.map((key) => withParents(key, new Set()).join("\n"));
  }

  function fetchText(address) {
    return fetch(root + address).then((file) => {
      if (!file.ok) throw new Error(address);
      return file.text();
    });
  }

  function listOf(listing, search, rest, { fold, parts }) {
    const about = reader(search, rest);
    const whole = listing.querySelector("[data-ls-whole]");
    const heading = whole.querySelector(".ls-group-heading");
    const results = element("div", "ls-found");
    const more = element("button", "ls-plain ls-more");
    let waiting = [];
    let year = null;
    more.type = "button";

    /* Draw some more, the years above them as in the page, and return the first. */
    function draw() {
      const next = waiting.splice(0, STEP).map((number) => {
        if (year !== about.year(number)) {
          year = about.year(number);
          const title = element(heading.tagName, "ls-group-heading", year || "Undated");
          results.append(element("section", "ls-pub-group", title, element("ul", "ls-pubs")));
        }
        const item = entry(about, number);
        results.lastChild.lastChild.append(item);
        return item;
      });
      more.hidden = !waiting.length;
      more.textContent = `Show ${Math.min(STEP, waiting.length)} more of ${waiting.length}`;
      return next[0];
    }

    /* From here on everything is drawn: to lay out the whole list again would take too long. */
    function show(found) {
      whole.hidden = true;
      results.replaceChildren();
      year = null;
      waiting = found ? found.slice() : search.publications.map((_, number) => number);
      draw();
    }

    more.addEventListener("click", () => {
      draw().querySelector("a").focus(); // where reading goes on; the button is behind them now
    });
    whole.after(results, more);

    function bibtex(found) {
      if (found.length <= SINGLE_FILES) {
        return Promise.all(found.map((number) => fetchText(about.bibtex(number))));
      }
      return fetchText(rest.bibtex.replace("*", "all")).then(
        (text) => cutOut(text, found.map(about.key), parts),
      );
    }

    return { records: recordsOf(search, rest, fold), show, bibtex };
  }

  document.addEventListener("ls-large-list", (event) => {
    const { resolve, reject } = event.detail;
    Promise.all([
      data("search-data.js", "labsiteSearch"),
      data("filter-data.js", "labsiteFilter"),
    ]).then(([search, rest]) => {
      if (search.publications.length !== rest.kind.length) throw new Error("of two builds");
      resolve(listOf(event.target, search, rest, event.detail));
    }).catch(reject);
  });
})();
