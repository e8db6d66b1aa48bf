// Text fields with suggestions from the server (ARIA combobox). Without it the server asks back after sending.
function make(input, n) {
  const list = document.createElement("ul"), box = document.createElement("div");
  const set = (name, value) => input.setAttribute(`aria-${name}`, value);
  let options = [], active = -1, timer = 0, turn = 0;

  list.id = `suggested-${n}`;
  list.className = "find-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  list.hidden = true;
  box.className = "suggest";
  input.before(box);
  box.append(input, list);
  input.setAttribute("role", "combobox");
  set("autocomplete", "list");
  set("controls", list.id);
  set("expanded", false);

  function show(found) {
    list.replaceChildren(...found.map(({ value, detail }, at) => {
      const option = document.createElement("li"), more = document.createElement("span");
      option.id = `${list.id}-${at}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", false);
      option.dataset.value = value;
      more.textContent = detail;
      option.append(`${value} `, more);
      return option;
    }));
    options = [...list.children];
    active = -1;
    list.hidden = !options.length;
    set("expanded", !list.hidden);
    input.removeAttribute("aria-activedescendant");
  }

  function go(to) {
    active = (to + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", at === active));
    set("activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  async function ask() {
    const mine = ++turn, q = input.value.trim();
    const address = `${input.dataset.suggest}?${new URLSearchParams({ q })}`;
    const found = q.length < 2 ? {} : await fetch(address).then((answer) => answer.json()).catch(() => ({}));
    if (mine === turn) show(found.suggestions ?? []);
  }

  const close = () => { clearTimeout(timer); turn++; show([]); };
  const choose = (option) => { input.value = option.dataset.value; close(); };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 160); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") go(active + 1);
    else if (event.key === "ArrowUp") go(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter" && active >= 0) choose(options[active]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}

document.querySelectorAll("input[data-suggest]").forEach(make);
