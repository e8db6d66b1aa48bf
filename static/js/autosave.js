// A form that is kept while one types. Without it the form's own button saves.
const PAUSE = 3000; // after the last key
const ONCE = 10_000; // a second press meanwhile is of the same form, and its version would be an old one

function keep(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer = 0, running = null, dirty = false, stopped = false, sentAt = -ONCE;
  const say = (words) => { status.textContent = words; };

  async function send() {
    dirty = false;
    const body = new URLSearchParams(new FormData(form));
    body.set("act", "save");
    const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body });
    if (answer.status === 401 || answer.status === 403) { stopped = true; say(status.dataset.ended); return; }
    if (answer.status === 409) { stopped = true; say(status.dataset.conflict); return; }
    const kept = await answer.json();
    if (answer.status >= 400) {
      const [words] = Object.values(kept.problems ?? {}).flat();
      say(words ?? status.dataset.failed);
      return;
    }
    if (!form.elements.version) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "version" });
      form.append(field);
    }
    form.elements.version.value = kept.version;
    if (new URL(kept.action, location).href !== form.action) {
      form.action = kept.action;
      history.replaceState(null, "", kept.action); // reloading opens the draft, not an empty form
    }
    if (!dirty) form.dispatchEvent(new Event("kept"));
    say(`${status.dataset.saved} ${new Date().toLocaleTimeString([], { hour: "numeric", minute: "2-digit" })}`);
  }

  function save() {
    clearTimeout(timer);
    if (stopped || !dirty || running) return;
    running = send().catch(() => {
      dirty = true;
      say(status.dataset.failed);
      form.dispatchEvent(new Event("unsent")); // see device.js
      later(10 * PAUSE);
    })
      .finally(() => { running = null; if (dirty) later(); });
  }
  const later = (pause = PAUSE) => { clearTimeout(timer); timer = setTimeout(save, pause); };

  form.addEventListener("input", () => { dirty = true; later(); });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (performance.now() - sentAt < ONCE) { event.preventDefault(); return; }
    if (!running) { stopped = true; return; }
    event.preventDefault(); // the version that is on its way comes first
    const { submitter } = event;
    running.finally(() => { stopped = true; form.requestSubmit(submitter); });
  });
  // On the window: last of all, after a script that keeps the form on the device.
  addEventListener("submit", (event) => { if (event.target === form && !event.defaultPrevented) sentAt = performance.now(); });
  addEventListener("pagehide", save);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // for the version that is kept now
}

document.querySelectorAll("form[data-autosave]").forEach(keep);
