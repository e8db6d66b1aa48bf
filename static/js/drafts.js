// Long forms: their texts are counted, and their drafts kept on this device: per person and form, offered back, gone once the form was taken.
// Signing out, or somebody else signing in, wipes them. Nothing of them is sent anywhere.
const PREFIX = "draft/", SENT = "sent_draft", PAUSE = 400, LONG = 4, OLD = 14 * 24 * 3600 * 1000;
let isOver = false; // signed out: what stands on the page is kept no more
const { person } = document.body.dataset;
const store = (() => { try { return window.localStorage; } catch { return null; } })();
const keys = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));
const read = (key) => { try { return JSON.parse(store.getItem(key)); } catch { return null; } };
const wipe = (chosen) => keys().filter(chosen).forEach((key) => store.removeItem(key));

function keyOf(form) {
  const to = new URL(form.getAttribute("action") || location.href, location.href);
  to.searchParams.delete("back");
  return `${PREFIX}${person}${to.pathname}${to.search}`;
}

const SKIPPED = new Set(["hidden", "file", "password", "submit", "button", "reset", "image"]);
const fieldsOf = (form) => [...form.elements].filter((f) => f.name && !f.disabled && !SKIPPED.has(f.type));
const valueOf = (field) => field.type === "checkbox" || field.type === "radio" ? field.checked
  : field.type === "select-multiple" ? [...field.selectedOptions].map((o) => o.value) : field.value;
const typed = (form) => JSON.stringify(fieldsOf(form).map((field) => [field.name, field.type, valueOf(field)]));

// Values in the order of their fields; a field that is no longer there is passed over.
function put(form, fields) {
  const left = fieldsOf(form);
  for (const [name, type, value] of JSON.parse(fields)) {
    const at = left.findIndex((field) => field.name === name && field.type === type);
    if (at < 0) continue;
    const [field] = left.splice(at, 1);
    if (JSON.stringify(valueOf(field)) === JSON.stringify(value)) continue;
    if (type === "checkbox" || type === "radio") field.checked = value;
    else if (type === "select-multiple") for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
    field.closest("details")?.setAttribute("open", "");
    for (const event of ["input", "change"]) field.dispatchEvent(new Event(event, { bubbles: true }));
  }
}

function timeOf(at) {
  const when = new Date(at), today = when.toDateString() === new Date().toDateString();
  const time = when.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" }).replace(" AM", " a.m.").replace(" PM", " p.m.");
  return today ? time : `${when.toLocaleDateString("en-US", { month: "long", day: "numeric" })}, ${time}`;
}

// Counts a text that is near its limit, or longer than the line an entry has. Nothing is cut: `maxlength` would cut what
// is pasted without a word, so the server is left to say no.
function count(form, field, said) {
  if (field.maxLength > 0) { field.dataset.limit = field.maxLength; field.removeAttribute("maxlength"); }
  const most = Number(field.dataset.limit), line = Number(field.dataset.line || Infinity);
  const show = () => {
    const length = field.value.trim().length;
    const words = length > line && length <= most ? form.dataset.lineSaid : length > most * 0.8 ? said : "";
    let box = field.parentElement.querySelector(".log-count");
    if (!box && !words) return;
    if (!box) {
      box = Object.assign(document.createElement("p"), { className: "note log-count" });
      box.setAttribute("role", "status");
      field.after(box);
    }
    const put = (n) => n.toLocaleString("en-US");
    box.textContent = words.replace("%(n)s", put(length)).replace("%(most)s", put(most));
    box.classList.toggle("late-word", length > most);
  };
  field.addEventListener("input", show);
  show();
}

function watch(form) {
  const key = keyOf(form), words = document.querySelector("template[data-drafts]");
  const id = Object.assign(document.createElement("input"), { type: "hidden", name: "draft" });
  id.value = (crypto.randomUUID ?? (() => [8, 4, 4, 4, 12].map((n) => [...crypto.getRandomValues(new Uint8Array(n))]
    .map((b) => (b % 16).toString(16)).join("")).join("-"))).call(crypto);
  form.append(id);
  for (const field of form.querySelectorAll("textarea, input[type=text]")) {
    if (field.maxLength > 0 || field.dataset.limit) count(form, field, words.dataset.limitSaid);
  }
  let empty = typed(form), timer = 0;
  const kept = read(key);
  if (kept?.fields === empty) { id.value = kept.id; empty = ""; } // it came back from the server with what is wrong

  function keep() {
    clearTimeout(timer);
    timer = 0;
    if (isOver) return;
    const fields = typed(form);
    if (fields === empty) { if (read(key)?.id === id.value) store.removeItem(key); return; }
    const files = [...form.elements].some((field) => field.type === "file" && field.files.length);
    try {
      store.setItem(key, JSON.stringify({ at: Date.now(), id: id.value, fields, files }));
    } catch { /* the device has no room left: the form itself still holds the words */ }
  }

  function use(entry, said) {
    const again = () => put(form, entry.fields);
    again();
    form.addEventListener("refreshed", again, { once: true }); // a choice that brought other fields
    say(said, entry);
  }

  function say(part, entry) {
    const box = words.content.querySelector(`[data-part=${part}]`).cloneNode(true);
    for (const time of box.querySelectorAll("[data-time]")) time.textContent = timeOf(entry.at);
    box.querySelectorAll("[data-files]").forEach((line) => { line.hidden = !entry.files; });
    form.before(box);
    box.querySelector("[data-use]")?.addEventListener("click", () => { box.remove(); use(entry, "back"); keep(); });
    box.querySelector("[data-discard]")?.addEventListener("click", () => {
      box.remove();
      if (read(key)?.id === entry.id) store.removeItem(key);
      form.querySelector("textarea")?.focus();
    });
  }

  if (kept && kept.id !== id.value) {
    if (sessionStorage.getItem("resume") === key.slice(PREFIX.length + person.length)) use(kept, "back");
    else say("offer", kept);
    sessionStorage.removeItem("resume");
  }
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, PAUSE); });
  form.addEventListener("change", keep);
  form.addEventListener("submit", keep);
  form.addEventListener("kept", () => { empty = typed(form); store.removeItem(key); }); // the server has it: see autosave.js
  addEventListener("pagehide", () => { if (timer) keep(); }); // what was typed in the last moment
}

if (store && person) {
  const taken = document.cookie.match(new RegExp(`(?:^|; )${SENT}=([0-9a-f-]{36})`))?.[1];
  const now = Date.now();
  wipe((key) => !key.startsWith(`${PREFIX}${person}/`) || read(key)?.id === taken || !(now - read(key)?.at < OLD));
  if (taken) document.cookie = `${SENT}=; path=/; max-age=0`;
  for (const form of document.querySelectorAll("form[action*='/accounts/logout/']")) {
    form.addEventListener("submit", () => { isOver = true; wipe(() => true); });
  }
  for (const form of document.querySelectorAll("main form[method=post]")) {
    const written = form.querySelectorAll("textarea:not([readonly]), input:is([type=text], [type=number], [type=date])");
    const isLong = form.querySelector("textarea:not([readonly])") || written.length >= LONG;
    if (isLong && !form.querySelector("[type=password]")) watch(form);
  }
}
document.querySelector("[data-resume]")?.addEventListener("click", (event) => {
  const to = new URL(event.currentTarget.dataset.resume, location.href);
  to.searchParams.delete("back");
  try { sessionStorage.setItem("resume", to.pathname + to.search); } catch { /* it is offered back instead */ }
});
