/* Wagtail saves a form by itself half a second after its last change. Whoever presses a button of the form before the
   answer has come would make a new page twice, and be told that its address is taken, or get a draft after what was
   published. So the form goes off when the answer is there, and nothing is saved by itself after it. */
"use strict";

(() => {
  // Milliseconds: what has not been answered by then never will be, or is too late for whoever waits.
  const LONGEST_WAIT = 10_000;
  const LONGEST_WAY = 30_000;
  let isSaving = false;
  let hasGone = false;
  let waiting = null;

  // On the window, where all others have been asked already.
  window.addEventListener("w-autosave:save", (event) => {
    if (hasGone) event.preventDefault();
    isSaving = !event.defaultPrevented;
  });

  const stay = () => {
    hasGone = false;
  };
  const answered = () => {
    isSaving = false;
    if (!waiting) return;
    const { form, button } = waiting;
    waiting = null;
    // Wagtail has switched it off, so that nobody presses twice; then it would not be sent along.
    const isOff = button && button.disabled;
    if (isOff) button.disabled = false;
    form.requestSubmit(button);
    if (isOff) button.disabled = true;
  };
  window.addEventListener("w-autosave:success", answered);
  window.addEventListener("w-autosave:error", answered);

  document.addEventListener(
    "submit",
    (event) => {
      if (!isSaving || !event.target.matches("[data-edit-form]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!waiting) setTimeout(() => waiting && answered(), LONGEST_WAIT);
      waiting = { form: event.target, button: event.submitter };
    },
    { capture: true },
  );
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("[data-edit-form]")) return;
    hasGone = true;
    // Whoever is still here stopped it, and writes on.
    setTimeout(stay, LONGEST_WAY);
  });
  window.addEventListener("pageshow", stay);
})();
