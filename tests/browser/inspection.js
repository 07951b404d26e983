/* What `inspection.py` asks of a page. Nothing here changes it, but for the focus and what is undone. */
"use strict";

(() => {
  const FOCUSABLE =
    "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], video[controls], [tabindex]";
  const INDICATORS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "borderColor"];

  const named = (element) => {
    const words = (element.innerText || element.value || element.id || "").trim().replace(/\s+/g, " ");
    return `<${element.tagName.toLowerCase()}> “${words.slice(0, 40)}”`;
  };

  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    [...element.getClientRects()].some((box) => box.width > 1 && box.height > 1);

  /* Of the radio buttons of a group Tab reaches one alone. */
  const reachable = (element) => {
    if (element.tabIndex < 0 || element.disabled || !seen(element)) return false;
    if (element.type !== "radio") return true;
    const group = [...document.getElementsByName(element.name)].filter((other) => other.form === element.form);
    return element === (group.find((other) => other.checked) ?? group[0]);
  };

  /* The element itself and what stands around it: a card may show that its link has the focus. */
  const around = (element) => [element, element.parentElement, element.closest("li, article, label, form")].filter(Boolean);
  const looks = (element) => {
    const style = getComputedStyle(element);
    return INDICATORS.map((name) => style[name]).join("; ");
  };

  const shownOutline = (element) => {
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return outlined || style.boxShadow !== "none";
  };

  /* Whether the middle of one of its lines, or of what is in the window of it, is what a pointer would hit there. */
  const uncovered = (element) =>
    [...element.getClientRects()].some((box) => {
      const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
      const hit = document.elementFromPoint(box.x + box.width / 2, middle);
      return hit && (element.contains(hit) || hit.contains(element));
    });

  const inView = (element) =>
    [...element.getClientRects()].some(
      (box) => box.top >= -1 && box.left >= -1 && box.right <= innerWidth + 1 && box.top < innerHeight && box.bottom > 0,
    );

  const place = (element) => {
    const box = element.getBoundingClientRect();
    return { top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right };
  };

  /* Against the way in which the page is read: higher up without being further along the line. */
  const backwards = (before, now) => {
    const rtl = document.dir === "rtl";
    const further = rtl ? now.right < before.right - 1 : now.left > before.left + 1;
    const higher = now.bottom <= before.top + 1;
    const sameLine = now.top < before.bottom - 1 && now.bottom > before.top + 1;
    const back = rtl ? now.left >= before.right - 1 : now.right <= before.left + 1;
    return (higher && !further) || (sameLine && back);
  };

  let walk;

  window.inspection = {
    /* Begins a walk; how many stops there should be. */
    beginWalk() {
      // Tab goes on from where the focus was last, even if it is there no more: here the top of the page.
      const top = document.createElement("span");
      top.tabIndex = -1;
      document.body.prepend(top);
      top.focus();
      top.remove();
      scrollTo(0, 0);
      const waiting = new Set([...document.querySelectorAll(FOCUSABLE)].filter(reachable));
      const before = new Map();
      for (const element of waiting) for (const one of around(element)) before.set(one, looks(one));
      walk = { waiting, before, reached: new Set(), previous: null, faults: [] };
      return waiting.size;
    },

    /* Looks at where the focus is after Tab; false at the end: outside the page, or at its first stop again. */
    stop() {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement) return false;
      if (walk.reached.has(element)) {
        const [first] = walk.reached;
        if (element !== first) walk.faults.push(`the focus comes back to ${named(element)}`);
        return false;
      }
      walk.reached.add(element);
      const faults = [];
      if (!seen(element)) faults.push("can't be seen");
      else if (!inView(element)) faults.push("is outside the window");
      else if (!uncovered(element)) faults.push("is covered");
      const shows = around(element).some((one) => looks(one) !== walk.before.get(one) && shownOutline(one));
      if (!shows) faults.push("doesn't show its focus");
      const here = place(element);
      if (walk.previous) {
        const [previous, there] = walk.previous;
        if (!(previous.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING))
          faults.push(`comes after ${named(previous)}, but stands before it`);
        const together = previous.closest("header, main, footer") === element.closest("header, main, footer");
        if (together && backwards(there, here)) faults.push(`is a step back from ${named(previous)}`);
      }
      walk.previous = [element, here];
      walk.faults.push(...faults.map((fault) => `${named(element)} ${fault}`));
      return true;
    },

    endWalk() {
      const missed = [...walk.waiting].filter((element) => !walk.reached.has(element) && seen(element));
      return [...walk.faults, ...missed.map((element) => `${named(element)} is not reached with Tab`)];
    },

    /* What visitors get to read and where they can go, for a comparison with another state of the page. */
    content() {
      return {
        text: document.body.innerText.replace(/\s+/g, " ").trim(),
        links: [...document.querySelectorAll("a[href]")].map((link) => `${link.href} ${link.innerText.trim()}`),
      };
    },

    /* Elements with words of their own that can be seen. */
    texts() {
      return [...document.body.querySelectorAll("*")].filter(
        (element) =>
          seen(element) && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 0),
      );
    },

    /* Where the words of an element end on each side, without those that are only heard. */
    edges(element) {
      const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const edges = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
      while (walk.nextNode()) {
        if (walk.currentNode.parentElement.closest(".visually-hidden")) continue;
        const range = document.createRange();
        range.selectNodeContents(walk.currentNode);
        for (const box of range.getClientRects()) {
          edges.left = Math.min(edges.left, box.left);
          edges.top = Math.min(edges.top, box.top);
          edges.right = Math.max(edges.right, box.right);
          edges.bottom = Math.max(edges.bottom, box.bottom);
        }
      }
      return edges;
    },

    /* Words that reach out of the window sideways, or that their own box or one around it cuts off. */
    cutOff() {
      const faults = [];
      const headings = [...document.querySelectorAll("h1")].map((heading) => heading.textContent.trim());
      for (const element of this.texts()) {
        // The trap for programs in the contact form is nothing that people are to see.
        if (element.closest(".visually-hidden, .skip-link, .contact-remarks")) continue;
        const words = this.edges(element);
        let shortened = false;
        for (let box = element; box && box !== document.body; box = box.parentElement) {
          const style = getComputedStyle(box);
          if (style.overflowX === "visible" && style.overflowY === "visible") continue;
          // What an ellipsis shortens may stand in full in the heading.
          if (style.textOverflow === "ellipsis" && headings.includes(element.textContent.trim())) {
            shortened = true;
            break;
          }
          const edge = box.getBoundingClientRect();
          const wide = style.overflowX !== "visible" && (words.left < edge.left - 1 || words.right > edge.right + 1);
          const high = ["hidden", "clip"].includes(style.overflowY) && (words.top < edge.top - 2 || words.bottom > edge.bottom + 2);
          if (wide || high) faults.push(`${named(element)} is cut off by <${box.tagName.toLowerCase()} class="${box.className}">`);
        }
        if (!shortened && (words.left < -1 || words.right > innerWidth + 1))
          faults.push(`${named(element)} reaches out of the window`);
      }
      return faults;
    },

    /* WCAG 2.2, 1.4.12. Arabic letters are joined: no space between them. Returns what undoes it. */
    space() {
      const letters = document.documentElement.lang.startsWith("ar") ? "" : "letter-spacing: 0.12em !important;";
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`
        * { line-height: 1.5 !important; word-spacing: 0.16em !important; ${letters} }
        p { margin-block-end: 2em !important; }
      `);
      document.adoptedStyleSheets.push(sheet);
    },
    unspace() {
      document.adoptedStyleSheets.pop();
    },

    /* Words that can't be told from what is behind them: the contrast of WCAG 2.2, 1.4.3, as far as plain colours go. */
    invisible(least) {
      const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      const channels = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
        return { alpha, light: [red, green, blue].map((part) => part / 255) };
      };
      const luminance = ({ light }) =>
        light
          .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
          .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
      const behind = (element) => {
        for (let box = element; box; box = box.parentElement) {
          const colour = channels(getComputedStyle(box).backgroundColor);
          if (colour.alpha > 127) return colour;
        }
        return channels("Canvas");
      };
      const faults = [];
      for (const element of this.texts()) {
        const [one, other] = [channels(getComputedStyle(element).color), behind(element)].map(luminance);
        const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (contrast < least) faults.push(`${named(element)} has a contrast of ${contrast.toFixed(1)} only`);
      }
      return faults;
    },

    wider() {
      return document.documentElement.scrollWidth - document.documentElement.clientWidth;
    },

    moving() {
      return document.getAnimations().filter((one) => one.playState === "running").length;
    },

    kept() {
      return localStorage.length + sessionStorage.length;
    },

    /* Scrolls through the whole page, so that late pictures load, and gives the layout shift of it all. */
    async shift() {
      for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
        scrollTo(0, y);
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      }
      await Promise.all([...document.images].map((image) => image.complete || new Promise((r) => (image.onload = image.onerror = r))));
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      scrollTo(0, 0);
      note(observer.takeRecords());
      return shifts.reduce((sum, entry) => sum + entry.value, 0);
    },
  };

  const shifts = [];
  /* Also what Chromium puts down to recent input: nobody has touched the page yet, only set the size of the window. */
  const note = (entries) => shifts.push(...entries);
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
})();
