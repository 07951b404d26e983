/* What helps with a segment: similar translations on demand, and checks as soon as a text has been changed. */
"use strict";

(() => {
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  // No network, or a session that has ended: the page works without.
  const ask = async (address, options) => {
    try {
      const response = await fetch(address, options);
      return response.ok && !response.redirected ? await response.json() : null;
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) return null;
      throw error;
    }
  };

  const query = (help) =>
    new URLSearchParams({
      record: help.dataset.record,
      segment: help.dataset.id,
      language: help.dataset.language,
    });

  const matchOf = (match, input, label) => {
    const box = element("div", "", { class: "help__match" });
    const line = element("p");
    line.append(
      element("span", `${match.score} %`, { class: "help__score" }),
      " ",
      element("span", match.target, { lang: input.lang, dir: input.dir }),
    );
    const source = element("p", match.source, { class: "help__source", lang: "en", dir: "ltr" });
    const note = element("p", "", { class: "help__note" });
    note.append(match.url ? element("a", match.origin, { href: match.url }) : match.origin);
    box.append(line, source, note, element("button", label, { type: "button", "data-use": match.target }));
    return box;
  };

  const showSimilar = async (help, input) => {
    const place = help.querySelector("[data-matches]");
    const answer = await ask(`${help.dataset.memory}?${query(help)}`);
    if (!answer) place.textContent = place.dataset.failed;
    else if (!answer.matches.length) place.textContent = place.dataset.none;
    else place.replaceChildren(...answer.matches.map((match) => matchOf(match, input, place.dataset.useLabel)));
  };

  const check = async (help, input) => {
    const body = query(help);
    body.set("text", input.value);
    body.set("csrfmiddlewaretoken", input.form.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await ask(help.dataset.check, { method: "POST", body });
    if (!answer) return;
    help.querySelector("[data-problems]").replaceChildren(
      ...answer.problems.map((problem) => {
        const item = element("li", "", { class: `help__problem help__problem--${problem.level}` });
        item.append(element("span", `${problem.label}:`, { class: "help__level" }), " ", problem.message);
        return item;
      }),
    );
  };

  for (const help of document.querySelectorAll("[data-help]")) {
    const input = help.closest("[data-segment]").querySelector("[data-input]");
    const similar = help.querySelector("[data-similar]");
    if (!input || !similar) continue;
    similar.hidden = false;
    let asked = false;
    similar.addEventListener("toggle", () => {
      if (!similar.open || asked) return;
      asked = true;
      showSimilar(help, input);
    });
    input.addEventListener("change", () => check(help, input));
  }
})();
