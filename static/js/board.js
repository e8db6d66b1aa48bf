// The board of work: filters send themselves, a card is dragged to another column or moved by arrow keys. The server
// has the last word: a move it refuses goes back with the reason. Without this script every card has its form.
"use strict";

const work = document.getElementById("work");

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-sends-itself]");
  if (!form || !event.target.matches("select") || event.target.closest("details")) return;
  for (const field of form.elements) if (field.name && !field.value) field.disabled = true; // short addresses
  form.requestSubmit();
});

// Where a card can go from here: its own column, then those the server named, in the order of the page.
const columns = (board) => [...board.querySelectorAll("[data-status]")];
const mayGo = (card, column) => card.dataset.next.split(" ").includes(column.dataset.status);

function say(words) {
  const place = work.querySelector("[data-board-said]");
  place.textContent = words;
  place.hidden = !words;
}

// The page as it is now: counts, versions and the button that undoes come with it.
async function refresh(id, status) {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("work");
  if (!page.ok || !fresh) return location.reload();
  work.replaceChildren(...fresh.childNodes);
  prepare();
  const place = document.getElementById(id) ?? work.querySelector(`[data-status="${status}"] .board-head`);
  (place?.querySelector(".task-title") ?? place)?.focus();
}

async function send(card, column) {
  const board = card.closest("[data-board]");
  const list = column.querySelector(".board-cards");
  const before = { list: card.parentElement, next: card.nextElementSibling };
  if (list) list.prepend(card);
  card.classList.add("task-moving");
  const back = (words) => {
    before.list.insertBefore(card, before.next);
    card.classList.remove("task-moving");
    card.querySelector(".task-title").focus();
    say(words);
  };
  try {
    const body = new URLSearchParams({ pick: card.dataset.pick, status: column.dataset.status });
    const token = work.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(board.dataset.board, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" }, body });
    if (!(answer.headers.get("Content-Type") ?? "").includes("json")) return back(board.dataset.lost);
    const said = await answer.json();
    if (!answer.ok) return back(said.problem);
    say("");
    await refresh(card.id, column.dataset.status);
  } catch {
    back(board.dataset.lost);
  }
}

function keys(event) {
  const card = event.target.closest(".task");
  if (!card || !event.target.matches(".task-title") || event.altKey || event.ctrlKey || event.metaKey) return;
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step && card.dataset.pick) {
    event.preventDefault();
    const all = columns(card.closest("[data-board]"));
    const here = all.indexOf(card.closest("[data-status]"));
    const ahead = step > 0 ? all.slice(here + 1) : all.slice(0, here).reverse();
    const column = ahead.find((one) => mayGo(card, one));
    if (column) send(card, column);
  }
  const down = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (down && card[down]) {
    event.preventDefault();
    card[down].querySelector(".task-title").focus();
  }
}

function prepare() {
  const board = work?.querySelector("[data-board]");
  if (!board) return;
  let dragged = null;
  const over = (column) => { for (const one of columns(board)) one.classList.toggle("board-over", one === column); };
  for (const card of board.querySelectorAll(".task[data-pick]")) {
    if (card.querySelector("form")) continue; // its fields are for the mouse
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      dragged = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.title);
    });
    card.addEventListener("dragend", () => { dragged = null; over(null); });
  }
  for (const column of columns(board)) {
    column.addEventListener("dragover", (event) => {
      if (!dragged || !mayGo(dragged, column)) return;
      event.preventDefault();
      over(column);
    });
    column.addEventListener("drop", (event) => {
      if (!dragged || !mayGo(dragged, column)) return;
      event.preventDefault();
      over(null);
      send(dragged, column);
    });
  }
  board.addEventListener("keydown", keys);
}

prepare();
// The address leads to the card, which takes the focus away from what is in it: its form gets it afterwards.
window.addEventListener("load", () => setTimeout(() => {
  const fields = document.querySelectorAll(".card-edit :is(select, input:not([type=hidden]))");
  [...fields].find((field) => field.offsetParent)?.focus();
}));
