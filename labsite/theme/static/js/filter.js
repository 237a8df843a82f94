/* Filters over a publication list.
 *
 * Needs: [data-ls-filter] around a form.ls-filters and .ls-pub items that carry data-type,
 * data-direction, data-person, data-code. The form is hidden until this runs; the state is kept in
 * the address, so that a filtered list can be shared.
 */
(function () {
  "use strict";

  const fold = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

  function start(listing) {
    const form = listing.querySelector("form.ls-filters");
    const status = form.querySelector("[role=status]");
    const reset = form.querySelector("[type=reset]");
    const entries = Array.from(listing.querySelectorAll(".ls-pub"), (element) => ({
      element,
      text: fold([".ls-pub-title", ".ls-pub-authors", ".ls-venue", ".ls-year"].map((part) => {
        const node = element.querySelector(part);
        return node ? `${node.textContent} ${node.title}` : "";
      }).join(" ")),
      direction: (element.dataset.direction || "").split(" "),
      person: (element.dataset.person || "").split(" "),
      type: element.dataset.type,
      code: element.dataset.code || "",
    }));
    const groups = Array.from(listing.querySelectorAll(".ls-pub-group"));
    const rail = new Map(Array.from(listing.querySelectorAll(".ls-rail a"), (link) => [
      link.hash.slice(1),
      {
        item: link.closest("li"),
        bar: link.querySelector("rect"),
        count: link.querySelector(".ls-rail-number"),
      },
    ]));
    const legend = listing.parentElement.querySelector(".ls-legend");

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
      showGroups();
      if (legend) legend.hidden = !listing.querySelector(".ls-pub:not([hidden]) .ls-equal");
      const all = entries.length;
      const noun = all === 1 ? "publication" : "publications";
      const some = count === 0 ? `No publication of ${all} matches` : `${count} of ${all} ${noun}`;
      status.textContent = count === all ? `${all} ${noun}` : some;
      reset.hidden = count === all;
    }

    function showGroups() {
      const counts = groups.map((group) => group.querySelectorAll(".ls-pub:not([hidden])").length);
      const most = Math.max(1, ...counts);
      groups.forEach((group, index) => {
        group.hidden = counts[index] === 0;
        const year = rail.get(group.id);
        if (!year) return;
        year.item.hidden = group.hidden;
        year.count.textContent = counts[index];
        year.bar.setAttribute("width", (100 * counts[index]) / most);
      });
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
        else if (!field.options || [...field.options].some((option) => option.value === value)) {
          field.value = value;
        }
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
