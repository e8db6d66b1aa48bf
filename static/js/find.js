// The search box: suggestions by keyboard (ARIA combobox), and "Use my location". Without it the box is a plain form.
const PAUSE = 160; // milliseconds without a key before suggestions are asked for

function send(address, fields) {
  return fetch(address, { method: "POST", body: new URLSearchParams(fields) }).then((answer) => answer.json());
}

function make(form) {
  const input = form.querySelector("input[name=q]"), list = form.querySelector("[role=listbox]");
  const said = form.querySelector("[role=status]"), here = form.querySelector("[data-here]");
  let options = [], active = -1, timer = 0, asked = 0;

  const set = (name, value) => input.setAttribute(`aria-${name}`, value);
  input.setAttribute("role", "combobox");
  set("autocomplete", "list");
  set("controls", list.id);
  set("expanded", "false");

  function close() {
    list.hidden = true;
    active = -1;
    set("expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    active = (index + options.length) % options.length;
    options.forEach((option, n) => option.setAttribute("aria-selected", n === active));
    set("activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  function show(found) {
    close();
    list.replaceChildren(...found.map((one, n) => {
      const option = document.createElement("li"), detail = document.createElement("span");
      option.id = `${list.id}-${n}`;
      option.setAttribute("role", "option");
      option.textContent = `${one.title} `;
      option.dataset.address = one.address;
      detail.textContent = one.detail;
      option.append(detail);
      return option;
    }));
    options = [...list.children];
    if (!options.length) return;
    list.hidden = false;
    set("expanded", "true");
  }

  async function ask() {
    const turn = ++asked, text = input.value.trim();
    // An address is sent once, when its form is: never while it is typed.
    if (text.length < 2 || /^\d+\S*\s/.test(text)) return show([]);
    try {
      const found = await send(form.dataset.suggestions, { q: text });
      if (turn === asked) show(found.suggestions);
    } catch {
      close(); // no network: the form still works
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(active + 1);
    else if (event.key === "ArrowUp") choose(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter" && active >= 0) location.assign(options[active].dataset.address);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", () => { clearTimeout(timer); asked++; });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    event.preventDefault();
    if (option) location.assign(option.dataset.address);
  });

  if (!here || !navigator.geolocation) return;
  here.hidden = false;
  here.addEventListener("click", () => navigator.geolocation.getCurrentPosition(async ({ coords }) => {
    const { longitude, latitude } = coords;
    const found = await send(here.dataset.here, { longitude, latitude }).catch(() => ({ said: here.dataset.failed }));
    if (found.address) location.assign(found.address);
    else said.textContent = found.said;
  }, () => { said.textContent = here.dataset.failed; }, { timeout: 10000, maximumAge: 60000 }));
}

document.querySelectorAll("form.searchbox").forEach(make);
