/* Comforts of the page on which a record is translated; it saves without any of this. */
"use strict";

(() => {
  const root = document.querySelector("[data-translating]");
  if (!root) return;
  const form = document.getElementById("translation-form");
  const segments = () => [...root.querySelectorAll("[data-segment]")];
  const inputOf = (segment) => segment.querySelector("[data-input]");
  const isRightToLeft = (input) => input.dir === "rtl";

  // A mark among right-to-left words keeps its form between these two; the server takes them out again.
  const isolate = (mark, input) => (isRightToLeft(input) && mark ? `\u2066${mark}\u2069` : mark);
  const isolated = (text, input) =>
    isRightToLeft(input) ? text.replace(/(?<!\\)<\/?\d{1,4}\/?>/g, (mark) => isolate(mark, input)) : text;

  const tell = (input) => {
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const write = (input, text) => {
    input.focus();
    input.setSelectionRange(0, input.value.length);
    // Keeps the browser's undo working.
    if (!document.execCommand("insertText", false, text)) input.value = text;
    tell(input);
  };

  const grow = (input) => {
    input.style.blockSize = "auto";
    input.style.blockSize = `${input.scrollHeight + 2}px`;
  };

  const count = (segment) => {
    const counter = segment.querySelector("[data-count]");
    const input = inputOf(segment);
    if (!counter || !input) return;
    const limit = Number(counter.dataset.limit);
    const length = [...input.value].length;
    counter.textContent = `${length} / ${limit}`;
    counter.classList.toggle("segment__count--over", length > limit);
  };

  const wrap = (input, opening, closing) => {
    const start = input.selectionStart;
    const end = input.selectionEnd;
    const words = input.value.slice(start, end);
    const before = isolate(opening, input);
    input.focus();
    const text = before + words + isolate(closing, input);
    if (!document.execCommand("insertText", false, text)) input.setRangeText(text, start, end, "end");
    // Without a selection the cursor goes between the two.
    const place = words || !closing ? start + text.length : start + before.length;
    input.setSelectionRange(place, place);
    tell(input);
  };

  for (const segment of segments()) {
    const input = inputOf(segment);
    if (!input) continue;
    count(segment);
    for (const item of segment.querySelectorAll("[data-mark]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...item.childNodes);
      button.addEventListener("click", () => wrap(input, item.dataset.open, item.dataset.close));
      item.append(button);
    }
    const copy = segment.querySelector("[data-copy]");
    copy.hidden = false;
    copy.addEventListener("click", () =>
      write(input, isolated(segment.querySelector("[data-source]").dataset.source, input)),
    );
  }

  if (!CSS.supports("field-sizing", "content")) {
    root.querySelectorAll("[data-input]").forEach(grow);
    root.addEventListener("input", (event) => event.target.matches("[data-input]") && grow(event.target));
  }
  root.addEventListener("input", (event) => {
    const segment = event.target.closest("[data-segment]");
    if (segment && event.target.matches("[data-input]")) count(segment);
  });

  // Words taken from elsewhere: a match of the memory.
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-use]");
    if (!button) return;
    const input = inputOf(button.closest("[data-segment]"));
    write(input, isolated(button.dataset.use, input));
  });

  // From segment to segment
  const go = (segment) => {
    const input = inputOf(segment);
    segment.scrollIntoView({ block: "center" });
    (input || segment).focus();
  };
  const step = (direction) => {
    const all = segments();
    const here = all.indexOf(document.activeElement.closest("[data-segment]"));
    const next = all[here < 0 ? (direction > 0 ? 0 : all.length - 1) : here + direction];
    if (next) go(next);
  };
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  });
  root.addEventListener("click", (event) => {
    if (!event.target.closest("[data-next-to-do]")) return;
    const all = segments();
    const here = all.indexOf(document.activeElement.closest("[data-segment]"));
    const left = all.filter((segment) => segment.dataset.state !== "done" && inputOf(segment));
    const next = left.find((segment) => all.indexOf(segment) > here) || left[0];
    if (!next) return;
    event.preventDefault();
    go(next);
  });

  const summary = root.querySelector("[data-summary]");
  if (summary) summary.focus();

  // Wagtail compares with what it finds after two seconds, which a quick typist has changed by then.
  if (form) {
    form.addEventListener("input", () => {
      form.dataset.wUnsavedForceValue = "true";
      form.dataset.wUnsavedHasEditsValue = "true";
    }, { once: true });
  }

  // After a save the page is made anew: go on where the work was.
  const place = `translating:${location.pathname}`;
  const scroller = document.getElementById("main") || document.scrollingElement;
  if (form) {
    form.addEventListener("submit", () => {
      const active = document.activeElement;
      sessionStorage.setItem(
        place,
        JSON.stringify({ id: active && active.matches("[data-input]") ? active.id : "", top: scroller.scrollTop }),
      );
    });
  }
  const kept = sessionStorage.getItem(place);
  sessionStorage.removeItem(place);
  if (kept && !summary && !location.hash) {
    const { id, top } = JSON.parse(kept);
    const input = id && document.getElementById(id);
    if (input) input.focus({ preventScroll: true });
    scroller.scrollTop = top;
  }

  // Who else is here
  const others = root.querySelector("[data-others]");
  if (form && others) {
    setInterval(async () => {
      if (document.hidden) return;
      try {
        const response = await fetch(root.dataset.here, {
          method: "POST",
          headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
        });
        if (!response.ok) return;
        const text = (await response.text()).trim();
        if (text !== others.innerHTML.trim()) others.innerHTML = text;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // no network: the next time will do
      }
    }, 120000);
  }
})();
