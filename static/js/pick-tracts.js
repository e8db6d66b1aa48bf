// Choosing tracts in a form: a click on the map ticks the box in the list, which is what is sent. Without this script
// the list is complete; the map is fetched once its part of the form is in sight.
"use strict";

for (const picker of document.querySelectorAll("[data-tract-picker]")) {
  const boxes = new Map([...picker.querySelectorAll(".tract-list input[type=checkbox]")].map((box) => [box.value, box]));
  if (!boxes.size) continue;
  const find = (name) => picker.querySelector(`[data-tract-${name}]`);
  const map = find("map"), tools = find("tools"), list = picker.querySelector(".tract-list"), area = find("area"), larger = find("larger");
  let links = new Map();
  const plain = (words) => words.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  function tell() {
    const number = [...boxes.values()].filter((box) => box.checked).length;
    find("count").textContent = number === 1 ? picker.dataset.countOne : number ? picker.dataset.countMany.replace("%(n)s", number) : picker.dataset.countNone;
    for (const [geoid, link] of links) link.classList.toggle("is-chosen", boxes.get(geoid).checked);
  }
  function flip(geoid, on = !boxes.get(geoid).checked) {
    const box = boxes.get(geoid);
    box.checked = on;
    if (on) list.prepend(box.closest("li"));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  list.addEventListener("change", tell);
  list.addEventListener("focusin", ({ target }) => links.get(target.value)?.classList.add("is-near-key"));
  list.addEventListener("focusout", ({ target }) => links.get(target.value)?.classList.remove("is-near-key"));
  area?.addEventListener("change", () => {
    const wanted = (area.selectedOptions[0].dataset.geoids || "").split(" ").filter((geoid) => boxes.has(geoid));
    if (!wanted.length) return;
    for (const [geoid, box] of boxes) if (box.checked && !wanted.includes(geoid)) flip(geoid, false);
    for (const geoid of wanted.reverse()) flip(geoid, true);
    area.value = ""; // its tracts are ticked now, and can be changed
  });
  find("clear").addEventListener("click", () => { for (const [geoid, box] of boxes) if (box.checked) flip(geoid, false); });

  const box = find("find");
  box.hidden = false;
  box.querySelector("input").addEventListener("input", ({ target }) => {
    const words = plain(target.value).split(/\s+/).filter(Boolean);
    for (const row of list.children) {
      const said = plain(`${row.textContent} ${row.querySelector("input").value}`);
      row.hidden = !words.every((word) => said.includes(word));
    }
  });
  box.querySelector("input").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it would send the form
    [...list.children].find((row) => !row.hidden)?.querySelector("input").focus();
  });

  function scale(svg) { svg.style.setProperty("--z", String(Math.min(1.6, svg.viewBox.baseVal.width / (svg.clientWidth || 800)))); }
  async function draw() {
    const answer = await fetch(picker.dataset.tractPicker, { headers: { Accept: "text/html" } });
    if (!answer.ok) return; // the list is there
    map.innerHTML = await answer.text(); // our own fragment, every word escaped by the server
    const svg = map.querySelector("svg");
    if (!svg) return;
    map.hidden = tools.hidden = false;
    svg.removeAttribute("tabindex");
    if (window.matchMedia("(max-width: 759.9px)").matches) svg.setAttribute("viewBox", svg.dataset.narrow); // the place alone
    links = new Map([...svg.querySelectorAll(".tracts a")].map((link) => [link.getAttribute("href").match(/\d{11}/)[0], link]).filter(([geoid]) => boxes.has(geoid)));
    svg.addEventListener("click", (event) => {
      const link = event.target.closest(".tracts a");
      if (!link) return;
      event.preventDefault();
      const geoid = link.getAttribute("href").match(/\d{11}/)[0];
      if (boxes.has(geoid)) flip(geoid);
    });
    larger.addEventListener("click", () => {
      larger.setAttribute("aria-pressed", String(map.classList.toggle("is-large")));
      scale(svg);
    });
    scale(svg);
    tell();
  }
  if (picker.dataset.tractPicker) {
    const watch = new IntersectionObserver((seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      watch.disconnect();
      draw().catch(() => { map.hidden = tools.hidden = true; });
    });
    watch.observe(picker);
  }
}
