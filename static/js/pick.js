// A long list of choices becomes a box to type in: groups stay, what does not fit is left out. The select stays and holds
// the choice; without this script it is the control.
const FEW = 15; // options that a plain list shows well
const plain = (words) => words.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

function make(select) {
  const input = document.createElement("input"), list = document.createElement("div"), none = document.createElement("p");
  const box = document.createElement("span"), label = document.querySelector(`label[for="${select.id}"]`);
  input.type = "text";
  input.id = `${select.id}-search`;
  input.autocomplete = "off";
  input.spellcheck = false;
  list.id = `${select.id}-list`;
  list.className = "find-list pick-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label.textContent.trim());
  none.className = "find-list pick-list pick-none";
  none.setAttribute("role", "status");
  for (const [name, value] of Object.entries({ autocomplete: "list", controls: list.id, expanded: false })) input.setAttribute(`aria-${name}`, value);
  input.setAttribute("role", "combobox");
  box.className = "pick";
  label.htmlFor = input.id;
  box.append(input, list, none);
  select.hidden = true;
  select.after(box);
  let options = [], active = -1;

  const chosen = () => select.selectedOptions[0];
  const rest = () => { input.value = input.title = chosen()?.textContent ?? ""; };

  function build() {
    const groups = [...select.children].map((child) => [child.label ?? "", child.tagName === "OPTGROUP" ? [...child.children] : [child]]);
    list.replaceChildren(...groups.map(([words, members], n) => {
      const group = document.createElement("div"), head = document.createElement("span");
      group.setAttribute("role", "group");
      if (select.children[n].tagName === "OPTGROUP") {
        group.setAttribute("aria-label", words);
        head.className = "pick-group";
        head.setAttribute("aria-hidden", true);
        head.textContent = words;
        group.append(head);
      }
      group.append(...members.map((member) => {
        const option = document.createElement("div");
        option.id = `${list.id}-${member.index}`;
        option.setAttribute("role", "option");
        option.dataset.at = member.index;
        option.dataset.words = plain(`${member.textContent} ${words}`);
        option.textContent = member.textContent;
        return option;
      }));
      return group;
    }));
  }

  function fit(typed) {
    if (!list.childElementCount) build();
    const words = plain(typed).split(/\s+/).filter(Boolean);
    options = [];
    for (const group of list.children) {
      const fitting = [...group.querySelectorAll("[role=option]")].filter((option) => {
        option.hidden = !words.every((word) => option.dataset.words.includes(word));
        option.setAttribute("aria-selected", false);
        return !option.hidden;
      });
      group.hidden = !fitting.length;
      options.push(...fitting);
    }
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !options.length;
    none.hidden = Boolean(options.length);
    none.textContent = options.length ? "" : select.dataset.none.replace("{words}", typed.trim());
    input.setAttribute("aria-expanded", !list.hidden);
  }

  function mark(at) {
    if (!options.length) return;
    options[active]?.setAttribute("aria-selected", false);
    active = (at + options.length) % options.length;
    options[active].setAttribute("aria-selected", true);
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  function open() {
    if (!list.hidden) return;
    fit("");
    input.select();
    mark(options.findIndex((option) => Number(option.dataset.at) === select.selectedIndex));
  }

  function close() {
    list.hidden = none.hidden = true;
    none.textContent = "";
    input.setAttribute("aria-expanded", false);
    input.removeAttribute("aria-activedescendant");
    rest();
  }

  function take(option) {
    const at = Number(option.dataset.at), isNew = at !== select.selectedIndex;
    select.selectedIndex = at;
    close();
    if (isNew) select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  input.addEventListener("click", open);
  input.addEventListener("input", (event) => { event.stopPropagation(); fit(input.value); if (options.length === 1) mark(0); });
  input.addEventListener("change", (event) => event.stopPropagation()); // what is typed is no choice yet
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { if (list.hidden) open(); else mark(active + 1); }
    else if (event.key === "ArrowUp") { if (list.hidden) open(); else mark(active < 0 ? -1 : active - 1); }
    else if (event.key === "Enter" && !list.hidden && active >= 0) take(options[active]);
    else if (event.key === "Enter" && (!list.hidden || !none.hidden)) { /* nothing is chosen: nothing is sent */ }
    else if (event.key === "Escape" && (!list.hidden || !none.hidden)) close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  select.addEventListener("change", rest);
  list.hidden = none.hidden = true;
  rest();
}

for (const select of document.querySelectorAll("select[data-none]")) if (select.options.length > FEW) make(select);
