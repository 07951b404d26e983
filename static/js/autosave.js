/* Wagtail saves a form by itself half a second after its last change. Whoever presses a button of the form before the
   answer has come would make a new page twice, and be told that its address is taken, or get a draft after what was
   published. So the press counts when the answer is there, or after ten seconds without one, and the form saves nothing
   by itself on its way. Where the answer is that the network is down, or that somebody else has saved, Wagtail then asks
   first, as it does at any press. Its dialogs, such as that of an approval with a comment, send the form without asking
   here. */
"use strict";

(() => {
  // Milliseconds
  const LONGEST_WAIT = 10_000;
  const LONGEST_WAY = 30_000;
  // Whether Wagtail saves this form by itself
  const ACTIVE = "data-w-autosave-active-value";
  let isSaving = false;
  let waiting = null;

  // On the window, where all others have been asked already.
  window.addEventListener("w-autosave:save", (event) => {
    isSaving = !event.defaultPrevented;
  });

  const goOn = () => {
    isSaving = false;
    if (!waiting) return;
    const { form, button, timer } = waiting;
    waiting = null;
    clearTimeout(timer);
    if (!button) {
      form.requestSubmit();
      return;
    }
    // Wagtail has switched it off, so that nobody presses twice; it notices in a moment that it is on again.
    window.wagtail.app.getControllerForElementAndIdentifier(button, "w-progress")?.deactivate();
    queueMicrotask(() => button.click());
  };
  window.addEventListener("w-autosave:success", goOn);
  window.addEventListener("w-autosave:error", (event) => {
    if (event.detail.type !== "invalid_revision") {
      goOn();
      return;
    }
    // Whose revision is newer Wagtail asks only now, and can't ask the user before it knows.
    setTimeout(goOn, LONGEST_WAIT);
    for (const answer of ["w-swap:json", "w-swap:error"]) window.addEventListener(answer, goOn, { once: true });
  });

  document.addEventListener(
    "submit",
    (event) => {
      if (!isSaving || !event.target.matches("[data-edit-form]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      // What was pressed first is what is meant.
      waiting ??= { form: event.target, button: event.submitter, timer: setTimeout(goOn, LONGEST_WAIT) };
    },
    { capture: true },
  );
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-edit-form]") || form.getAttribute(ACTIVE) === "false") return;
    form.setAttribute(ACTIVE, "false");
    // Whoever is still here then, or comes back, writes on.
    const saveAgain = () => form.removeAttribute(ACTIVE);
    setTimeout(saveAgain, LONGEST_WAY);
    window.addEventListener("pageshow", saveAgain, { once: true });
  });
})();
