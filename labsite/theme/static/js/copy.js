/* A copy button for every BibTeX entry. Needs: details.ls-bibtex with a pre inside. Without this
 * script, or where the browser offers no clipboard, the entry can still be selected.
 */
(function () {
  "use strict";

  function hidden(of) {
    const text = document.createElement("span");
    text.className = "ls-hidden";
    text.textContent = ` BibTeX${of ? of.textContent : ""}`;
    return text;
  }

  function addButton(details) {
    const source = details.querySelector("pre");
    if (!source || details.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ls-copy";
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    button.append("Copy", hidden(details.querySelector("summary .ls-hidden")));
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(source.textContent).then(
        () => { said.textContent = " Copied"; },
        () => { said.textContent = " Not copied: select the text and copy it by hand"; },
      );
      window.setTimeout(() => { said.textContent = ""; }, 4000);
    });
    source.after(button, said);
  }

  if (!navigator.clipboard) return;
  document.querySelectorAll("details.ls-bibtex").forEach((details) => {
    details.addEventListener("toggle", () => addButton(details));
  });
})();
