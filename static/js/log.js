// The quick log: another milestone brings its statuses, texts are counted, Enter sends a one-line text.
const form = document.querySelector(".log form");
const chooser = form?.querySelector("[data-about]");

chooser?.addEventListener("change", async () => {
  const wanted = chooser.value;
  const answer = await fetch(`${chooser.dataset.about}?milestone=${encodeURIComponent(wanted)}`);
  if (!answer.ok || chooser.value !== wanted) return; // the server checks what is sent all the same
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["log-now", "log-statuses"]) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (fresh) old.replaceWith(document.adoptNode(fresh));
  }
  const date = page.getElementById("log-date");
  if (date) document.getElementById("log-date").hidden = date.hidden;
});

function count(field) {
  const { line, limit } = field.dataset;
  let said = field.parentElement.querySelector(".log-count");
  const length = field.value.trim().length, most = Number(limit);
  const words = line && length > Number(line) && length <= most ? form.dataset.lineSaid
    : length > most * 0.8 ? form.dataset.limitSaid : "";
  if (!said && !words) return;
  if (!said) {
    said = document.createElement("p");
    said.className = "note log-count";
    said.setAttribute("role", "status");
    field.after(said);
  }
  const put = (n) => n.toLocaleString("en-US");
  said.textContent = words.replace("%(n)s", put(length)).replace("%(most)s", put(most));
  said.classList.toggle("late-word", length > most);
}

for (const field of form?.querySelectorAll("[data-limit]") ?? []) {
  field.addEventListener("input", () => count(field));
  count(field);
}

for (const field of form?.querySelectorAll("[data-enter-sends]") ?? []) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
