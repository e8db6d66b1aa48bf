// The search boxes: suggestions by keyboard (ARIA combobox), "Use my location". Without it they are plain forms.
const send = async (address, fields) => (await fetch(address, { method: "POST", body: new URLSearchParams(fields) })).json();

function make(form) {
  const input = form.elements.q, list = form.querySelector("[role=listbox]");
  const set = (name, value) => input.setAttribute(`aria-${name}`, value);
  let options = [], active = -1, timer = 0, turn = 0;

  input.setAttribute("role", "combobox");
  set("autocomplete", "list");
  set("controls", list.id);
  set("expanded", false);

  function show(found) {
    list.replaceChildren(...found.map(({ title, detail, address }, n) => {
      const option = document.createElement("li"), more = document.createElement("span");
      option.id = `${list.id}-${n}`;
      option.setAttribute("role", "option");
      option.dataset.address = address;
      more.textContent = detail;
      option.append(`${title} `, more);
      return option;
    }));
    options = [...list.children];
    active = -1;
    list.hidden = !options.length;
    set("expanded", !list.hidden);
    input.removeAttribute("aria-activedescendant");
  }

  function choose(n) {
    active = (n + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", at === active));
    set("activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  async function ask() {
    const mine = ++turn, q = input.value.trim();
    // An address is sent once, with its form: never while it is typed.
    const found = q.length < 2 || /^\d+\S*\s/.test(q) ? {} : await send(form.dataset.suggestions, { q }).catch(() => ({}));
    if (mine === turn) show(found.suggestions ?? []);
  }

  const close = () => { clearTimeout(timer); turn++; show([]); };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 160); });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(active + 1);
    else if (event.key === "ArrowUp") choose(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter" && active >= 0) location.assign(options[active].dataset.address);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.address);
  });
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

document.querySelectorAll("form[data-suggestions]").forEach(make);
if (navigator.geolocation) document.querySelectorAll("[data-here]").forEach(locate);
