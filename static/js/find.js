// The search boxes and other text fields with suggestions by keyboard (ARIA combobox), "Use my location". Without this
// script they are plain forms; the server asks back after sending.
const send = async (address, fields) => (await fetch(address, { method: "POST", body: new URLSearchParams(fields) })).json();

// ask(words) gives what the list shows ({ title, detail, ... }, or nothing), choose(one of them) takes it.
function suggest(input, list, ask, choose) {
  const set = (name, value) => input.setAttribute(`aria-${name}`, value);
  let found = [], options = [], active = -1, timer = 0, turn = 0;

  input.setAttribute("role", "combobox");
  set("autocomplete", "list");
  set("controls", list.id);
  set("expanded", false);

  function line(words) {
    const more = document.createElement("span");
    more.textContent = words;
    return more;
  }

  function show(suggestions) {
    const was = found[active];
    found = suggestions;
    options = found.map(({ title, detail, text }, at) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${at}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", false);
      option.append(`${title} `, line(detail), ...(text ? [line(text)] : []));
      return option;
    });
    list.replaceChildren(...options);
    // Each kind has its heading; what it says stands in the option too, for those who hear the list.
    found.forEach(({ kind }, at) => {
      if (!kind || kind === found[at - 1]?.kind) return;
      const heading = document.createElement("li");
      heading.className = "pick-group";
      heading.setAttribute("role", "presentation");
      heading.setAttribute("aria-hidden", true);
      heading.textContent = kind;
      options[at].before(heading);
    });
    active = -1;
    list.hidden = !found.length;
    set("expanded", !list.hidden);
    input.removeAttribute("aria-activedescendant");
    // A slower answer to what was typed before leaves what the keyboard has chosen since.
    const again = found.findIndex(({ title, detail }) => was && title === was.title && detail === was.detail);
    if (again >= 0) go(again);
  }

  function go(to) {
    active = (to + found.length) % found.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", at === active));
    set("activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  async function look() {
    const mine = ++turn, words = input.value.trim();
    const answer = words.length < 2 ? {} : await ask(words).catch(() => ({}));
    if (mine === turn) show(answer.suggestions ?? []);
  }

  const close = () => { clearTimeout(timer); turn++; show([]); };
  const take = (at) => { const one = found[at]; close(); choose(one); };
  input.addEventListener("input", () => { active = -1; clearTimeout(timer); timer = setTimeout(look, 160); });
  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") go(active + 1);
    else if (event.key === "ArrowUp") go(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter" && active >= 0) take(active);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(options.indexOf(option));
  });
}

function searchBox(form) {
  const isAddress = (words) => /^\d+\S*\s/.test(words); // sent once, with its form: never while it is typed
  const ask = async (q) => (isAddress(q) ? {} : send(form.dataset.suggestions, { q }));
  suggest(form.elements.q, form.querySelector("[role=listbox]"), ask, ({ address }) => location.assign(address));
}

function textField(input, n) {
  const list = document.createElement("ul"), box = document.createElement("div");
  list.id = `suggested-${n}`;
  list.className = "find-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  list.hidden = true;
  box.className = "suggest";
  input.before(box);
  box.append(input, list);
  const ask = async (q) => (await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q })}`)).json();
  suggest(input, list, ask, ({ title }) => { input.value = title; });
}

function locate(here) {
  const say = (words) => { here.parentElement.querySelector("[role=status]").textContent = words; };
  here.hidden = false;
  here.addEventListener("click", () => navigator.geolocation.getCurrentPosition(async ({ coords: { longitude, latitude } }) => {
    const found = await send(here.dataset.here, { longitude, latitude }).catch(() => ({ said: here.dataset.failed }));
    if (found.address) location.assign(found.address);
    else say(found.said);
  }, () => say(here.dataset.failed), { timeout: 10000, maximumAge: 60000 }));
}

// "/" leads to the search box, unless somebody is writing.
function slash(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  const box = [...document.querySelectorAll("form[data-suggestions] input[type=search]")].find((one) => one.checkVisibility());
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

document.querySelectorAll("form[data-suggestions]").forEach(searchBox);
document.addEventListener("keydown", slash);
document.querySelectorAll("input[data-suggest]").forEach(textField);
if (navigator.geolocation) document.querySelectorAll("[data-here]").forEach(locate);
