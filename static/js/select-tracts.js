// Choosing tracts for an area of one's own on the map, by click or by keys; one list of GEOIDs.
"use strict";

(() => {
  const form = document.getElementById("chosen-tracts");
  const map = document.querySelector(".map-svg");
  const card = document.getElementById("tract-card");
  if (!form || !map || !card) return;
  const MOST = 300; // what fits into the address of the page that makes the area
  const chosen = new Set();
  const said = form.querySelector("[data-chosen-count]");
  const button = form.querySelector("button[type=submit]");

  function tell() {
    const number = chosen.size;
    said.textContent = number > MOST
      ? `${number} neighborhoods chosen: at most ${MOST} can be sent from here. Paste a longer list on the next page.`
      : `${number || "No"} neighborhood${number === 1 ? "" : "s"} chosen.`;
    button.setAttribute("aria-disabled", String(number === 0 || number > MOST));
    form.elements.geoids.value = [...chosen].sort().join(" ");
    for (const link of map.querySelectorAll(".tracts a")) {
      link.classList.toggle("is-chosen", chosen.has(link.getAttribute("href").match(/\d{11}/)[0]));
    }
  }

  function flip(geoid) {
    if (!chosen.delete(geoid)) chosen.add(geoid);
    tell();
  }

  function start(on) {
    form.hidden = !on;
    map.classList.toggle("is-choosing", on);
    if (!on) chosen.clear();
    tell();
  }

  map.addEventListener("tract-picked", ({ detail }) => flip(detail));
  card.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-choose]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (form.hidden) start(true);
    if (!chosen.has(link.dataset.choose)) flip(link.dataset.choose);
    map.focus();
  });
  form.querySelector("[data-chosen-clear]").addEventListener("click", () => start(false));
  form.addEventListener("submit", (event) => { if (button.getAttribute("aria-disabled") === "true") event.preventDefault(); });
})();
