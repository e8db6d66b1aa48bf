// The page of entries that wait: see, change, remove or send them; both versions where somebody else was first.
// `static/js/device.js` keeps and sends them, and says here what there is.
const page = document.querySelector("[data-waiting-page]"), list = page.querySelector("[data-entries]");
const word = (name) => document.querySelector("template[data-words]").content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
const textOf = (entry) => [`${entry.kind}: ${entry.title}`, ...entry.shown.map(([label, text]) => `${label}: ${text}`)].join("\n");
const say = (name) => { const box = page.querySelector("[data-said]"); box.textContent = word(name); box.hidden = !name; };
const MAY = {
  waiting: ["change", "copy", "remove"], changing: ["change", "copy", "remove"], conflict: ["mine", "theirs", "note", "copy"],
  gone: ["note", "copy", "remove"], ended: ["copy", "remove"], refused: ["change", "note", "copy", "remove"],
};
let device = null, last = "";
if (location.search.includes("sign-out")) { // also where the page was kept without it
  page.querySelector("[data-leaving]").hidden = false;
  page.querySelector("[data-staying]").hidden = true;
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  say("copied");
}

// Both are entries of their own, so that each is saved once: the words as a note, its photo as a file.
async function asNote(entry) {
  const { engagement } = entry.answer, day = new Date(entry.at), two = (n) => String(n).padStart(2, "0");
  const on = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  const file = entry.fields.find(([, value]) => typeof value !== "string");
  const common = { ...entry, state: device.WAITS, answer: null, about: "", at: entry.at };
  const text = textOf(entry), note = word("note-kind");
  await device.put({ ...common, id: device.id(), kind: note, action: "/log/?kind=note", page: "/log/?kind=note", size: text.length,
    fields: [["engagement", String(engagement)], ["on", on], ["text", text]], shown: [[note, text]] });
  if (file) {
    const kept = entry.fields.filter(([name]) => ["shows_people", "has_consent", "keep_original"].includes(name));
    await device.put({ ...common, id: device.id(), kind: word("file-kind"), action: "/log/?kind=file", page: "/log/?kind=file",
      fields: [["engagement", String(engagement)], file, ...kept], shown: [[word("file-kind"), file[1].name]] });
  }
  await device.remove(entry.id);
}

const ACTS = {
  async mine(entry) {
    for (const field of entry.fields) if (field[0] === "version") field[1] = String(entry.answer.version);
    await device.put({ ...entry, state: device.WAITS, answer: null });
    await device.flush();
  },
  async theirs(entry) { await device.remove(entry.id); say("removed"); },
  async note(entry) { await asNote(entry); await device.flush(); },
  async remove(entry) { await device.remove(entry.id); say("removed"); },
  copy: (entry) => copy(textOf(entry)),
};

function shown(entry) {
  const box = document.querySelector("template[data-entry]").content.firstElementChild.cloneNode(true);
  const { state, answer } = entry, facts = box.querySelector("[data-fields]");
  box.dataset.id = entry.id;
  box.querySelector("[data-title]").textContent = `${entry.kind}: ${entry.title}`;
  box.querySelector("[data-time]").textContent = device.timeOf(entry.at);
  const detail = [word(`${state}-detail`), answer?.said, ...(answer?.lines ?? []), answer?.now].filter(Boolean).join(" ");
  box.querySelector("[data-why]").hidden = !word(state);
  box.querySelector("[data-reason]").textContent = word(state);
  box.querySelector("[data-detail]").textContent = detail;
  for (const [label, text] of entry.shown) {
    const fact = document.createElement("div"), term = document.createElement("dt"), value = document.createElement("dd");
    term.textContent = label;
    value.textContent = text;
    fact.className = text.length > 60 ? "broad" : "";
    fact.append(term, value);
    facts.append(fact);
  }
  if (answer?.sides) {
    box.querySelector("[data-sides]").hidden = false;
    const heads = [...box.querySelectorAll("thead th")].map((each) => each.textContent);
    for (const { label, base, theirs, yours } of answer.sides) {
      const row = document.createElement("tr");
      [label, base, theirs, yours].forEach((text, at) => {
        const cell = document.createElement(at ? "td" : "th");
        cell.textContent = text;
        cell.dataset.label = heads[at];
        row.append(cell);
      });
      box.querySelector("tbody").append(row);
    }
  }
  const may = MAY[state] ?? MAY.refused;
  for (const button of box.querySelectorAll("[data-act]")) {
    const { act } = button.dataset;
    button.hidden = !may.includes(act) || (act === "note" && !answer?.engagement);
    if (act === "change") button.href = `${entry.page}#entry=${entry.id}`;
    else button.addEventListener("click", async () => { button.disabled = true; await ACTS[act](entry); button.disabled = false; });
  }
  return box;
}

document.addEventListener("entries", ({ detail: { entries } }) => {
  if (!device) return;
  const now = JSON.stringify(entries.map(({ id, at, state }) => [id, at, state]));
  page.querySelector("[data-none]").hidden = entries.length > 0;
  page.querySelector("[data-some]").hidden = !entries.some((each) => each.state === device.WAITS);
  if (now === last) return;
  last = now;
  list.replaceChildren(...entries.map(shown));
});
document.addEventListener("device", ({ detail }) => { device = detail; });

page.addEventListener("click", async ({ target }) => {
  const { act } = target.dataset;
  if (act === "copy-all") await copy((await device.all()).map(textOf).join("\n\n"));
  if (act !== "send" && act !== "send-leave") return;
  await device.flush();
  const left = await device.all();
  if (!left.length && act === "send-leave") page.querySelector("form[action*='/accounts/logout/']").requestSubmit();
  else say(left.some((each) => each.state === device.WAITS) ? "lost" : left.length ? "" : "sent");
});
