/* The frame: colours, menu on narrow screens, search on demand.
 *
 * Needs: select[data-ls-mode]; [data-ls-menu] with a .ls-menu-button that
 * controls the element its aria-controls names; a link [data-ls-search] whose value is the address
 * of the search's script. mode.js has set data-theme, and ls-js, by which style sheets show what needs
 * scripts, before the page was drawn.
 */
(function () {
  "use strict";

  const root = document.documentElement;

  function keep(mode) {
    try {
      if (mode === "auto") window.localStorage.removeItem("mode");
      else window.localStorage.setItem("mode", mode);
    } catch { /* no storage: it holds for this page */ }
  }

  document.querySelectorAll("select[data-ls-mode]").forEach((select) => {
    select.value = root.dataset.theme || "auto";
    select.addEventListener("change", () => {
      if (select.value === "auto") delete root.dataset.theme;
      else root.dataset.theme = select.value;
      keep(select.value);
    });
  });

  document.querySelectorAll("[data-ls-menu]").forEach((header) => {
    const button = header.querySelector(".ls-menu-button");
    const menu = document.getElementById(button.getAttribute("aria-controls"));
    const open = (wanted) => {
      button.setAttribute("aria-expanded", String(wanted));
      menu.classList.toggle("ls-open", wanted);
    };
    button.addEventListener("click", () => open(button.getAttribute("aria-expanded") !== "true"));
    header.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
        open(false);
        button.focus();
      }
    });
    header.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !header.contains(event.relatedTarget)) open(false);
    });
  });

  /* What scrolls sideways must be reached by keyboard. */
  document.querySelectorAll(".bd-article :is(.highlight pre, table, math[display=block])").forEach((box) => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  });

  /* The search's script is loaded once, when somebody searches; then it answers to this event. */
  let loaded = null;
  function search(address, detail) {
    loaded = loaded || new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return loaded.then(() => document.dispatchEvent(new CustomEvent("ls-search", { detail })));
  }

  const link = document.querySelector("a[data-ls-search]");
  const page = document.querySelector("[data-ls-search-page]");
  if (page) search(page.dataset.lsSearchPage, { place: page });
  if (!link) return;
  const openSearch = (event) => {
    event.preventDefault();
    search(link.dataset.lsSearch, { opener: link }).catch(() => { window.location = link.href; });
  };
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || page) return;
    openSearch(event);
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !page) openSearch(event);
  });
})();
