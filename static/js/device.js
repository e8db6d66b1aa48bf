// Entries that wait on this device: kept before they are sent, sent in order and once, also when an answer never came
// back. The strip says what waits. `static/js/waiting.js` shows the entries, `static/js/worker.js` keeps pages.
const words = document.querySelector("template[data-device]"), { person } = document.body.dataset;
const said = (part) => words.content.querySelector(`[data-part=${part}]`).innerHTML;
const keptAt = Number(document.body.dataset.keptAt || 0);
const FILE_MOST = 10e6, ALL_MOST = 60e6, FIRST_PAUSE = 5000, LAST_PAUSE = 300000, DAYS = 7, PATIENCE = 20000, SECOND_TAP = 700, HOUR = 3600000;
const WAITS = "waiting", ON_HOLD = "changing";
const id = () => (crypto.randomUUID ?? (() => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
  (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16)))).call(crypto);

// --- What is kept: one store, an entry a row, `id` its idempotency key.
let opened = null;
const open = () => opened ??= new Promise((done, fail) => {
  const asked = indexedDB.open("portal", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("entries", { keyPath: "id" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});
async function use(mode, act) {
  const within = (await open()).transaction("entries", mode, { durability: "strict" });
  return new Promise((done, fail) => {
    const asked = act(within.objectStore("entries"));
    within.oncomplete = () => done(asked.result);
    within.onerror = within.onabort = () => fail(within.error);
  });
}
const all = async () => (await use("readonly", (store) => store.getAll())).filter((each) => each.person === person)
  .sort((a, b) => a.at - b.at || a.nth - b.nth);
const get = (key) => use("readonly", (store) => store.get(key));
const put = async (entry) => { await use("readwrite", (store) => store.put(entry)); changed(); };
const remove = async (key) => { await use("readwrite", (store) => store.delete(key)); changed(); };
const others = typeof BroadcastChannel === "function" ? new BroadcastChannel("entries") : null;
const changed = () => { others?.postMessage("changed"); return show(); };
if (others) others.onmessage = () => show();
async function wipe() {
  await use("readwrite", (store) => store.clear()).catch(() => {});
  for (const name of await caches.keys()) if (name.startsWith("pages/")) await caches.delete(name);
}

// --- Sending: one tab at a time, in order. What can't go now holds back what is about the same thing.
let isLost = !navigator.onLine || Boolean(keptAt), isSignedOut = false, isSending = false, pause = FIRST_PAUSE, timer = 0;
const alone = (act) => navigator.locks ? navigator.locks.request("entries", act) : act();

async function whoIsHere() {
  const answer = await fetch("/device/", { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const here = await answer.json();
  if (here.stamp) {
    const before = localStorage.getItem("stamp");
    if (before && before !== here.stamp) navigator.serviceWorker?.controller?.postMessage({ wipe: true }); // a role began or ended
    localStorage.setItem("stamp", here.stamp);
  }
  return here;
}

async function send(entry, token, when) {
  const body = new FormData();
  const own = when === "now" ? ["csrfmiddlewaretoken"] : ["csrfmiddlewaretoken", "draft"]; // its form may hold the next draft
  for (const [name, value] of entry.fields) if (!own.includes(name)) body.append(name, value);
  body.set("submission", entry.id);
  const patience = PATIENCE + entry.size / 20; // 20 bytes a millisecond: a slow phone's photo
  return fetch(entry.action, {
    method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(patience),
    headers: { Accept: entry.accept ?? "application/json, text/html", "Portal-Queue": when, "X-CSRFToken": token },
  });
}

// What the answer makes of the entry: null once it is saved, "stop" where nothing more can go now.
async function settle(entry, answer) {
  const isJson = answer.headers.get("Content-Type")?.includes("json");
  if (answer.ok && isJson) {
    const { milestone, version, to } = await answer.json();
    await remove(entry.id);
    if (version) {
      for (const later of await all()) { // what this one changed is no change by somebody else
        const field = later.fields.find(([name]) => name === "version"), of = later.fields.find(([name]) => name === "version_of");
        if (field && Number(of?.[1]) === milestone && Number(field[1]) < version) { field[1] = String(version); await put(later); }
      }
    }
    return { to };
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) { isSignedOut = true; return "stop"; }
  if (answer.status >= 500 || answer.status === 429 || (answer.status === 403 && !isJson)) return "stop";
  const engagement = Number(answer.headers.get("Portal-Note-In")) || null;
  if (isJson) {
    const found = await answer.json(), lines = Object.values(found.problems ?? {}).flat();
    await put({ ...entry, state: found.outcome ?? "refused", answer: { ...found, lines, engagement } });
    if (found.outcome === "ended") navigator.serviceWorker?.controller?.postMessage({ wipe: true });
    return null;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const lines = [...page.querySelectorAll("main .problem, main .field-problem")].map((each) => each.textContent.trim().replace(/\s+/g, " "));
  const now = page.querySelector("#log-now .note")?.textContent.trim() ?? "";
  await put({ ...entry, state: "refused", answer: { lines: [...new Set(lines)], now, engagement } });
  return null;
}

function flush() {
  clearTimeout(timer);
  return alone(async () => {
    const due = (await all()).filter((each) => each.state === WAITS);
    if (!due.length && !isLost) return;
    isSending = due.length > 0;
    if (isSending) await show();
    try {
      const here = await whoIsHere();
      isLost = false;
      isSignedOut = here.person !== person;
      if (isSignedOut) return;
      const held = new Set((await all()).filter((each) => each.state !== WAITS && each.about).map((each) => each.about));
      for (const { id: key } of due) {
        const entry = await get(key);
        if (entry?.state !== WAITS || held.has(entry.about)) continue;
        const outcome = await settle(entry, await send(entry, here.token, "later"));
        if (outcome === "stop") { if (!isSignedOut) later(); return; }
        if (!outcome && entry.about) held.add(entry.about);
      }
      pause = FIRST_PAUSE;
    } catch {
      isLost = true; // no connection, or one that answers nothing
      later();
    } finally {
      isSending = false;
    }
  }).finally(show);
}
function later() {
  clearTimeout(timer);
  timer = setTimeout(flush, pause * (0.8 + 0.4 * Math.random()));
  pause = Math.min(2 * pause, LAST_PAUSE);
}

// --- A form that is sent: on the device first, then away. What the server says against it is its own page's to say.
let nth = 0, reopened = null, inHand = ""; // `inHand`: of the form that is being sent now: not yet waiting
// What its writer would read: label and text of each field that is filled in.
function shownOf(form) {
  const found = [];
  for (const field of form.elements) {
    const isBox = ["radio", "checkbox"].includes(field.type);
    if (!field.name || ["hidden", "submit", "fieldset"].includes(field.type) || (isBox && !field.checked)) continue;
    const label = (each) => each?.textContent.replace(/\s+/g, " ").replace(/ \(.*\)$/, "").trim() ?? "";
    const own = label(field.labels?.[0]), legend = label(field.closest("fieldset")?.querySelector("legend"));
    const text = isBox ? own : field.type === "file" ? [...field.files].map((each) => each.name).join(", ")
      : field.type === "date" && field.value ? field.valueAsDate.toLocaleDateString("en-US", { dateStyle: "long", timeZone: "UTC" }) : textOf(field) || field.value;
    if (text.trim() && field.value) found.push([isBox ? legend : own, text.trim()]);
  }
  return found;
}
const textOf = (field) => field?.selectedOptions?.[0]?.textContent.trim() ?? "";
function entryOf(form) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string" || value.size);
  const size = fields.reduce((sum, [, value]) => sum + (typeof value === "string" ? value.length : value.size), 0);
  const about = textOf(form.elements.milestone) || textOf(form.elements.engagement) || document.querySelector("h1").textContent.trim();
  const milestone = form.elements.milestone?.value;
  return {
    id: form.elements.submission?.value, person, at: Date.now(), nth: nth++, state: WAITS, size, fields,
    action: form.getAttribute("action") ?? location.href, page: location.pathname + location.search, kind: form.dataset.queue, title: about,
    shown: shownOf(form),
    about: milestone ? `milestone ${milestone}` : "",
  };
}

async function take(event) {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-queue]") || !form.elements.submission || form.dataset.plain) return;
  event.preventDefault();
  if (form.dataset.busy || Date.now() - Number(form.dataset.kept ?? 0) < SECOND_TAP) return;
  if (isLost && !form.checkValidity()) { form.reportValidity(); return; } // the server can't say it now
  form.dataset.busy = "yes";
  const button = form.querySelector("[type=submit]");
  button.setAttribute("aria-disabled", "true");
  const free = () => { delete form.dataset.busy; button.removeAttribute("aria-disabled"); };
  const entry = entryOf(form), plainly = () => { form.dataset.plain = "yes"; form.submit(); };
  const isLarge = entry.fields.some(([, value]) => value.size > FILE_MOST);
  try {
    if (isLarge && !isLost) return plainly();
    const waiting = (await all()).filter((each) => each.id !== entry.id);
    const room = ALL_MOST - waiting.reduce((sum, each) => sum + each.size, 0);
    if (isLarge || entry.size > room) { free(); return tell(form, isLarge ? "large" : "full"); }
    inHand = entry.id;
    await put(entry);
    reopened = null;
    if (!isLost && !waiting.some((each) => each.state === WAITS || each.about === entry.about && entry.about)) {
      const outcome = await alone(async () => {
        const answer = await send(entry, form.elements.csrfmiddlewaretoken.value, "now");
        if (answer.ok && answer.headers.get("Content-Type")?.includes("json")) return settle(entry, answer);
        await remove(entry.id); // as before: the page that the form gets says what is wrong
        return plainly();
      });
      if (outcome) leave(outcome.to || entry.page);
      return;
    }
    kept(form, entry, free);
    if (navigator.onLine) flush();
  } catch (lost) {
    if (!await get(entry.id).catch(() => null)) return plainly(); // nothing can be kept here
    isLost = isLost || lost.name === "TypeError" || lost.name === "TimeoutError";
    kept(form, entry, free);
    later();
  }
}

// The next page; the same one is fetched anew, also where only the part after # differs.
function leave(to) {
  const url = new URL(to, location.href), isSame = url.pathname + url.search === location.pathname + location.search;
  if (!isSame) { location.assign(url); return; }
  history.replaceState(null, "", url);
  location.reload();
}

// The form is ready for the next entry.
function kept(form, entry, free) {
  inHand = "";
  form.dispatchEvent(new Event("kept"));
  const { milestone, engagement } = form.elements, chosen = (milestone ?? engagement)?.value;
  form.reset();
  if (chosen) { (milestone ?? engagement).value = chosen; }
  form.dispatchEvent(new Event("kept"));
  form.elements.submission.value = id();
  form.dataset.kept = Date.now();
  history.replaceState(null, "", location.pathname + location.search);
  free();
  tell(form, "kept");
  show();
}
function tell(form, part) {
  document.querySelectorAll(".messages, [data-device-said]").forEach((each) => each.remove());
  const box = Object.assign(document.createElement("div"), { className: "messages" });
  box.dataset.deviceSaid = part;
  box.setAttribute("role", "status");
  box.innerHTML = said(part);
  form.before(box);
  box.scrollIntoView({ block: "nearest" });
}

// A draft that autosave.js could not send: it waits as one entry and is on hold while its page is open, which tries again.
// Only a draft that the server has already, so that its version tells whether somebody else changed it.
const drafts = new Map();
async function keepDraft(form) {
  if (!form.dataset.queueDraft || !form.elements.version) return;
  const entry = entryOf(form), before = (await all()).find((each) => each.action === entry.action);
  if (!drafts.has(form)) drafts.set(form, before?.id ?? id());
  await put({
    ...entry, id: drafts.get(form), kind: form.dataset.queueDraft, title: document.querySelector("h1").textContent.trim(),
    fields: [...entry.fields, ["act", "save"]], state: ON_HOLD, accept: "application/json",
  });
}
async function dropDraft(form) {
  for (const entry of await all()) if (entry.accept && entry.action === form.getAttribute("action")) await remove(entry.id);
}
const isOpen = (entry) => [...document.querySelectorAll("form[data-queue-draft]")].some((form) => form.getAttribute("action") === entry.action);

// An entry that is changed: back in its form, with its key, and on hold meanwhile.
async function reopen(key) {
  const entry = await get(key), form = document.querySelector("form[data-queue]");
  if (entry?.person !== person || !form) return;
  const left = [...form.elements].filter((field) => field.name);
  for (const [name, value] of entry.fields) {
    if (["csrfmiddlewaretoken", "submission", "draft"].includes(name)) continue;
    const at = left.findIndex((f) => f.name === name && (!["radio", "checkbox"].includes(f.type) || f.value === value));
    if (at < 0) continue;
    const [field] = left.splice(at, 1);
    if (field.type === "file") { const files = new DataTransfer(); files.items.add(value); field.files = files.files; }
    else if (["radio", "checkbox"].includes(field.type)) field.checked = true;
    else field.value = value;
    field.closest("details")?.setAttribute("open", "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.elements.submission.value = key;
  await put({ ...entry, state: ON_HOLD });
  reopened = entry;
  addEventListener("pagehide", () => { if (reopened) use("readwrite", (store) => store.put(reopened)); });
}

// --- What is said: the strip, and the list under the form of the quick log.
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
const timeOf = (at) => {
  const when = new Date(at), time = when.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" }).replace(" AM", " a.m.").replace(" PM", " p.m.");
  return when.toDateString() === new Date().toDateString() ? time : `${when.toLocaleDateString("en-US", { month: "short", day: "numeric" })}, ${time}`;
};
let strip = null, shown = ""; // said again only where it changed: a screen reader reads it aloud
async function show() {
  const entries = (await all().catch(() => [])).filter((each) => each.id !== inHand), n = entries.length;
  const needs = entries.filter((each) => each.state !== WAITS && each.state !== ON_HOLD).length;
  const part = needs ? "needs" : isSignedOut && n ? "signed-out" : isLost ? "lost" : isSending && n ? "sending" : n ? "waits" : "";
  const count = needs || n, own = document.querySelector("[data-waiting-page]"), now = `${part} ${count} ${n}`;
  if (now !== shown) { strip?.remove(); strip = null; }
  if (part && now !== shown) {
    strip = words.content.querySelector("[data-part=strip]").cloneNode(true);
    strip.removeAttribute("data-part");
    const lines = [words.content.querySelector(`[data-part="${part}"]`)?.textContent ?? ""];
    if (part === "lost" && keptAt && !own && !document.querySelector(".log form")) lines.push(fill(said("page-of"), { time: timeOf(keptAt) }).replace("..", "."));
    if (part === "lost" && n) lines.push(said(count === 1 ? "one" : "many"));
    if (part !== "lost") lines[0] = words.content.querySelector(`[data-part="${part}"] [data-n=${count === 1 ? "one" : "many"}]`).textContent;
    strip.querySelector("p").append(...lines.filter(Boolean).flatMap((line, at) => {
      const span = document.createElement(part === "lost" && !at ? "strong" : "span");
      span.textContent = fill(line.trim(), { n: count });
      return [span, " "];
    }));
    strip.querySelector("[data-try]").hidden = part !== "lost" && part !== "waits";
    strip.querySelector("[data-sign-in]").hidden = part !== "signed-out";
    strip.querySelector("[data-see]").hidden = !n || Boolean(own) || part === "signed-out" || (part === "lost" && document.querySelector("[data-waiting-list]") !== null);
    strip.querySelector("[data-try]").addEventListener("click", tryNow);
    document.querySelector("main").before(strip);
  }
  shown = now;
  for (const button of document.querySelectorAll("form[data-queue] [type=submit]")) {
    button.dataset.online ??= button.textContent;
    button.textContent = isLost ? said("button") : button.dataset.online;
  }
  for (const box of document.querySelectorAll("[data-waiting-list]")) {
    box.hidden = !n;
    box.querySelector("ul").replaceChildren(...entries.map((entry) => {
      const line = words.content.querySelector("[data-part=line]").cloneNode(true);
      line.removeAttribute("data-part");
      line.querySelector("[data-title]").textContent = `${entry.kind}: ${entry.title}`;
      line.querySelector("[data-time]").textContent = timeOf(entry.at);
      return line;
    }));
  }
  document.dispatchEvent(new CustomEvent("entries", { detail: { entries, isLost, isSending, isSignedOut } }));
}
async function tryNow() {
  pause = FIRST_PAUSE;
  await flush();
  if (keptAt && !isLost) location.reload();
}

// --- Begins.
async function begin() {
  for (const form of document.querySelectorAll("form[data-queue]")) if (form.elements.submission) form.elements.submission.value = id();
  document.addEventListener("submit", take);
  document.addEventListener("input", ({ target }) => { delete target.form?.dataset.kept; }); // typed since: no second tap
  for (const form of document.querySelectorAll("form[data-queue-draft]")) {
    form.addEventListener("unsent", () => { isLost = true; keepDraft(form).catch(() => {}); });
    form.addEventListener("kept", () => { isLost = false; dropDraft(form).catch(() => {}).then(show); });
  }
  for (const entry of await use("readonly", (store) => store.getAll())) {
    const isOld = Date.now() - entry.at > DAYS * 24 * 3600 * 1000;
    if (entry.person !== person || (isOld && entry.state === "ended")) await use("readwrite", (store) => store.delete(entry.id));
    else if (entry.state === ON_HOLD && !location.hash.includes(entry.id) && !isOpen(entry)) await put({ ...entry, state: WAITS });
  }
  const key = location.hash.match(/^#entry=([0-9a-f-]{36})$/)?.[1];
  if (key) await reopen(key);
  document.dispatchEvent(new CustomEvent("device", { detail: { all, get, put, remove, flush, wipe, id, timeOf, send, whoIsHere, WAITS } }));
  await show();
  flush();
}

addEventListener("online", () => { pause = FIRST_PAUSE; flush(); });
addEventListener("offline", () => { isLost = true; show(); });
// Whatever the browser's storage does, nobody stays signed in: the answer of the server wipes it too.
const within = (work, otherwise) => Promise.race([work.catch(() => otherwise), new Promise((done) => setTimeout(done, 2000, otherwise))]);
async function leaving(event) {
  const form = event.target;
  if (form.dataset.leaving) return;
  event.preventDefault();
  const waiting = await within(all(), []);
  if (waiting.length && !location.search.includes("sign-out")) { location.assign("/waiting/?sign-out"); return; }
  await within(wipe());
  form.dataset.leaving = "yes";
  form.submit();
}
if (person && isSecureContext && window.indexedDB) {
  for (const form of document.querySelectorAll("form[action*='/accounts/logout/']")) form.addEventListener("submit", leaving);
  begin().catch(() => { /* this browser keeps nothing: forms are sent as ever */ });
  navigator.serviceWorker?.register("/worker.js").then(async ({ active }) => {
    const fetchAhead = async (paths) => (await navigator.serviceWorker.ready).active.postMessage({ warm: paths });
    if (isLost || navigator.connection?.saveData) return;
    const first = active ? [] : [location.pathname + location.search]; // the first page of all came before its worker
    if (!await caches.match("/waiting/")) first.push("/waiting/");
    if (first.length) await fetchAhead(first);
    const forms = words.dataset.warm.split(" ").filter(Boolean), last = Number(localStorage.getItem("warmed") || 0);
    if (!forms.length || (Date.now() - last < HOUR && await caches.match(forms.at(-1)))) return;
    setTimeout(async () => { await fetchAhead(forms); localStorage.setItem("warmed", Date.now()); }, 3000);
  }).catch(() => { /* blocked by the browser: entries wait all the same */ });
}
