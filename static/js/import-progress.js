// Looks every few seconds whether the file is written; without it, "Look again" does.
const EVERY = 3000;

async function look() {
  const here = document.querySelector("[data-progress]");
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-progress]");
    if (!now) {
      // It waits for a decision again: the whole page is another.
      location.reload();
      return;
    }
    if (now.dataset.progress !== here.dataset.progress) {
      here.dataset.progress = now.dataset.progress;
      here.replaceChildren(...now.childNodes);
    }
  } catch {
    // The network is away for a moment.
  }
  if (here.dataset.progress === "waiting") setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
