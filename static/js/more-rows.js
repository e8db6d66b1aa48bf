// “Add another group”: a row more in the form at once. Without this the button asks the server for it.
function addRow(button) {
  const kind = button.value, rows = document.querySelectorAll(`[data-row="${kind}"]`), last = rows[rows.length - 1];
  const at = Number(last.querySelector("[name]").name.match(/_(\d+)_/)[1]), next = last.cloneNode(true);
  const place = new RegExp(`(${kind}_+)${at}(?=_)`, "g"); // “arm_0_name” and “arms__0__name”
  const renumber = (text) => text.replace(place, `$1${at + 1}`);
  const reword = (node) => { node.textContent = node.textContent.replace(String(at + 1), String(at + 2)); };

  for (const problem of next.querySelectorAll(".field-problem")) problem.remove();
  for (const field of next.querySelectorAll(".field-wrong")) field.classList.remove("field-wrong");
  for (const node of next.querySelectorAll("*")) {
    for (const name of ["id", "name", "for", "aria-describedby"]) {
      if (node.hasAttribute(name)) node.setAttribute(name, renumber(node.getAttribute(name)));
    }
    node.removeAttribute("aria-invalid");
  }
  for (const label of next.querySelectorAll("legend, label")) reword(label.firstChild);
  for (const input of next.querySelectorAll("input, textarea")) input.value = "";
  for (const select of next.querySelectorAll("select")) select.selectedIndex = 0;
  last.after(next);
  if (kind === "source") {
    const choices = document.getElementById("id_size_source"), more = choices.lastElementChild.cloneNode(true);
    more.value = at + 1;
    more.selected = false;
    reword(more);
    choices.append(more);
  }
  button.hidden = at + 2 >= Number(button.dataset.most);
  next.querySelector("input, textarea").focus();
}

for (const button of document.querySelectorAll("button[name=more]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    addRow(button);
  });
}
