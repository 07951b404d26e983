/* The language switch above a record's form: "#fr" in the address opens French, and the parts of the form that
   the switch names open their tab. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const nav = document.querySelector("[data-language-switch]");
  if (!nav) return;
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const sharedTab = tabs.find((tab) => tab.classList.contains("shared-tab"));
  const sourceTab = tabs.find((tab) => tab.classList.contains("source-tab"));
  const shared = nav.querySelector("[data-shared]");
  const source = nav.querySelector("[data-source]");

  const open = (hash) => {
    const code = decodeURIComponent(hash.slice(1));
    if (code === "all") return sharedTab ? (sharedTab.click(), true) : false;
    const link = [...nav.querySelectorAll("a[data-language]")].find((item) => item.dataset.language === code);
    if (!link) return false;
    if (link === source) return sourceTab ? (sourceTab.click(), true) : false;
    location.replace(link.href);
    return true;
  };

  // Which of the two is in view
  const mark = () => {
    const isShared = sharedTab && sharedTab.getAttribute("aria-selected") === "true";
    if (!shared || !source) return;
    const [current, other] = isShared ? [shared, source] : [source, shared];
    current.setAttribute("aria-current", "page");
    other.removeAttribute("aria-current");
  };

  if (sharedTab && sourceTab) {
    for (const [link, hash] of [
      [shared, "#all"],
      [source, `#${source ? source.dataset.language : ""}`],
    ]) {
      if (!link) continue;
      link.addEventListener("click", (event) => {
        if (open(hash)) event.preventDefault();
      });
    }
    const observer = new MutationObserver(mark);
    for (const tab of tabs) observer.observe(tab, { attributes: true, attributeFilter: ["aria-selected"] });
    mark();
  }
  // After Wagtail's own scripts have made the tabs.
  setTimeout(() => open(location.hash), 0);
  window.addEventListener("hashchange", () => open(location.hash));
});
