/* Wagtail saves a form by itself half a second after its last change. Whoever presses a button of the form before the
   answer has come would make a new page twice, and be told that its address is taken, or get a draft after what was
   published. So the form goes off when the answer is there, or after ten seconds without one, and saves nothing by
   itself on its way. Wagtail's dialogs, such as that of an approval with a comment, send the form without asking here. */
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

  const answered = () => {
    isSaving = false;
    if (!waiting) return;
    const { form, button, timer } = waiting;
    waiting = null;
    clearTimeout(timer);
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
      // What was pressed first is what is meant.
      waiting ??= { form: event.target, button: event.submitter, timer: setTimeout(answered, LONGEST_WAIT) };
    },
    { capture: true },
  );
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-edit-form]") || form.getAttribute(ACTIVE) === "false") return;
    form.setAttribute(ACTIVE, "false");
    // Whoever is still here then, or comes back, writes on.
    const goOn = () => form.removeAttribute(ACTIVE);
    setTimeout(goOn, LONGEST_WAY);
    window.addEventListener("pageshow", goOn, { once: true });
  });
})();
