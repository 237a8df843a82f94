/* Filters over a publication list.
 *
 * Needs: [data-ls-filter] around a form.ls-filters and .ls-pub items that carry data-year, data-type,
 * data-direction, data-person, data-code. The form is hidden until this runs; the state is kept in
 * the address, so that a filtered list can be shared.
 */
(function () {
  "use strict";

  const fold = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

  function start(listing) {
    const form = listing.querySelector("form.ls-filters");
    const status = form.querySelector("[role=status]");
    const entries = Array.from(listing.querySelectorAll(".ls-pub"), (element) => ({
      element,
      text: fold(["title", "authors", "meta"].map((part) => {
        const node = element.querySelector(`.ls-pub-${part}`);
        const venue = part === "meta" && node ? node.querySelector(".ls-venue") : null;
        return node ? `${node.textContent} ${venue ? venue.title : ""}` : "";
      }).join(" ")),
      direction: (element.dataset.direction || "").split(" "),
      person: (element.dataset.person || "").split(" "),
      type: element.dataset.type,
      code: element.dataset.code || "",
    }));
    const groups = Array.from(listing.querySelectorAll(".ls-pub-group"));
    const rail = new Map(Array.from(listing.querySelectorAll(".ls-rail a"), (link) =>
      [link.hash.slice(1), link.closest("li")]));

    function matches(entry, wanted) {
      return wanted.words.every((word) => entry.text.includes(word))
        && (!wanted.direction || entry.direction.includes(wanted.direction))
        && (!wanted.person || entry.person.includes(wanted.person))
        && (!wanted.type || entry.type === wanted.type)
        && (!wanted.code || entry.code === "1");
    }

    function apply() {
      const data = new FormData(form);
      const wanted = {
        words: fold(data.get("q") || "").split(/\s+/).filter(Boolean),
        direction: data.get("direction"),
        person: data.get("person"),
        type: data.get("type"),
        code: data.get("code"),
      };
      let count = 0;
      for (const entry of entries) {
        const shown = matches(entry, wanted);
        entry.element.hidden = !shown;
        count += shown ? 1 : 0;
      }
      for (const group of groups) {
        group.hidden = !group.querySelector(".ls-pub:not([hidden])");
        const item = rail.get(group.id);
        if (item) item.hidden = group.hidden;
      }
      const all = entries.length;
      const noun = all === 1 ? "publication" : "publications";
      status.textContent = count === all ? `${all} ${noun}` : `${count} of ${all} ${noun}`;
    }

    function remember() {
      const address = new URL(window.location.href);
      for (const field of ["q", "direction", "person", "type", "code"]) {
        const value = new FormData(form).get(field);
        if (value) address.searchParams.set(field, value);
        else address.searchParams.delete(field);
      }
      if (address.href !== window.location.href) {
        window.history.replaceState(window.history.state, "", address);
      }
    }

    function restore() {
      for (const [name, value] of new URL(window.location.href).searchParams) {
        const field = form.elements.namedItem(name);
        if (!field) continue;
        if (field.type === "checkbox") field.checked = value === field.value;
        else field.value = value;
      }
    }

    const update = () => { apply(); remember(); };
    form.addEventListener("input", update);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => window.setTimeout(update));
    restore();
    apply();
    form.hidden = false;
  }

  document.querySelectorAll("[data-ls-filter]").forEach(start);
})();
