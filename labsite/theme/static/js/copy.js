/* A copy button for everything that is there to be copied: [data-ls-copy] with the text in its
 * [data-ls-source]; the attribute's value says what it is. In a <details> the button comes when that
 * is opened. Without this script, or where the browser offers no clipboard, the text can still be
 * selected.
 */
(function () {
  "use strict";

  function textOf(source) {
    return source.matches("pre") ? source.textContent : source.textContent.replace(/\s+/g, " ").trim();
  }

  function addButton(block) {
    const source = block.querySelector("[data-ls-source]");
    if (!source || block.querySelector("button")) return;
    const button = document.createElement("button");
    const of = block.querySelector("summary .ls-hidden");
    const name = document.createElement("span");
    const said = document.createElement("span");
    button.type = "button";
    button.className = "ls-copy";
    name.className = "ls-hidden";
    name.textContent = ` ${block.dataset.lsCopy}${of ? of.textContent : ""}`;
    said.setAttribute("role", "status");
    button.append("Copy", name);
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(textOf(source)).then(
        () => { said.textContent = "Copied"; },
        () => { said.textContent = "Not copied: select the text and copy it by hand"; },
      );
      window.setTimeout(() => { said.textContent = ""; }, 4000);
    });
    source.before(button, said); // before its text, as it is shown above it
  }

  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-ls-copy]").forEach((block) => {
    if (block.matches("details")) block.addEventListener("toggle", () => addButton(block));
    else addButton(block);
  });
})();
