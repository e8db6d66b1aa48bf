// The quick log: another milestone brings its statuses, Enter sends a one-line text.
const form = document.querySelector(".log form");
const chooser = form?.querySelector("[data-about]");

chooser?.addEventListener("change", async () => {
  const wanted = chooser.value;
  const answer = await fetch(`${chooser.dataset.about}?milestone=${encodeURIComponent(wanted)}`).catch(() => null);
  if (!answer) return lost(chooser.selectedOptions[0]);
  if (!answer.ok || chooser.value !== wanted) return; // the server checks what is sent all the same
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["log-now", "log-statuses"]) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (fresh) old.replaceWith(document.adoptNode(fresh));
  }
  const date = page.getElementById("log-date");
  form.dispatchEvent(new Event("refreshed"));
  if (date) document.getElementById("log-date").hidden = date.hidden;
});

// Without a connection: what the list itself knows of the milestone. The server checks the change all the same.
function lost({ value, dataset }) {
  form.elements.version.value = dataset.version;
  form.elements.version_of.value = value;
  document.querySelector("#log-now > p").hidden = true;
  for (const choice of form.elements.status) choice.checked = choice.value === dataset.status;
}

for (const field of form?.querySelectorAll("[data-enter-sends]") ?? []) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
