// An ARIA combobox; the form works without it.
for (const input of document.querySelectorAll("[data-suggest]")) {
  const list = document.createElement("ul"), items = list.children;
  let chosen = -1, timer, asked = 0;
  const set = (name, value) => input.setAttribute(name, value);
  const choose = (place) => {
    chosen = place;
    [...items].forEach((item, number) => (item.ariaSelected = number === place));
    set("aria-activedescendant", items[place]?.id ?? "");
  };
  const show = (titles) => {
    list.replaceChildren(...titles.map((title, number) => {
      const item = document.createElement("li");
      Object.assign(item, { id: list.id + number, role: "option", textContent: title, dir: "auto" });
      item.onpointerdown = () => take(item);
      return item;
    }));
    list.hidden = !titles.length;
    set("aria-expanded", !list.hidden);
    choose(-1);
  };
  const take = (item) => { input.value = item.textContent; show([]); input.form.submit(); };

  Object.assign(list, { id: `${input.id}-titles`, className: "search-suggestions", role: "listbox" });
  list.ariaLabel = input.labels[0].textContent;
  input.after(list);
  set("role", "combobox");
  set("aria-autocomplete", "list");
  set("aria-controls", list.id);
  show([]);

  input.oninput = () => {
    clearTimeout(timer);
    const mine = ++asked;
    timer = setTimeout(async () => {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(input.value)}`);
      if (answer.ok && mine === asked) show((await answer.json()).titles);
    }, 150);
  };
  input.onkeydown = (event) => {
    const { key, isComposing } = event, all = items.length + 1;
    if (list.hidden || isComposing) return;
    if (key === "ArrowDown") choose((chosen + 2) % all - 1);
    else if (key === "ArrowUp") choose((chosen + all) % all - 1);
    else if (key === "Escape") show([]);
    else if (key === "Enter" && chosen >= 0) take(items[chosen]);
    else return;
    event.preventDefault();
  };
  input.onblur = () => { asked++; show([]); };
}
