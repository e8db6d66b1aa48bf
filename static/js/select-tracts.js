// Choosing tracts for an area of one's own: clicks on the map or ticks in the table, one list of GEOIDs.
"use strict";

(() => {
  const toggle = document.querySelector("button[data-choose]");
  const form = document.getElementById("chosen-tracts");
  const map = document.querySelector('[data-figure="figure-map"]');
  const table = document.getElementById("table-where");
  if (!toggle || !form || !table) return;
  const MOST = 300; // what fits into the address of the page that makes the area
  const chosen = new Set();
  const said = form.querySelector("[data-chosen-count]");
  const button = form.querySelector("button[type=submit]");

  const ticks = () => [...table.querySelectorAll("input[data-tick]")];

  function tell() {
    const number = chosen.size;
    said.textContent = number > MOST
      ? `${number} tracts chosen: at most ${MOST} can be sent from here. Paste a longer list on the next page.`
      : `${number || "No"} tract${number === 1 ? "" : "s"} chosen${number ? "." : " yet."}`;
    button.setAttribute("aria-disabled", String(number === 0 || number > MOST));
    form.elements.geoids.value = [...chosen].sort().join(" ");
    for (const tick of ticks()) tick.checked = chosen.has(tick.value);
    outline();
  }

  // The chosen tracts as a trace of their own, drawn once and filled anew.
  function outline() {
    if (!map || !map.data) return;
    const locations = [...chosen];
    const index = map.data.findIndex((trace) => trace.name === "chosen");
    const update = { locations: [locations], z: [locations.map(() => 0)] };
    if (index >= 0) return window.Plotly.restyle(map, update, [index]);
    const clear = "rgba(255,191,71,0.35)";
    return window.Plotly.addTraces(map, {
      type: "choropleth", name: "chosen", geojson: map.dataset.geometry, featureidkey: "id", locations,
      z: locations.map(() => 0), colorscale: [[0, clear], [1, clear]], showscale: false, hoverinfo: "skip",
      marker: { line: { width: 3, color: "#16222e" } },
    });
  }

  function flip(geoid) {
    if (!chosen.delete(geoid)) chosen.add(geoid);
    tell();
  }

  function addTicks() {
    for (const row of table.tBodies[0].rows) {
      const cell = row.cells[0];
      const tick = Object.assign(document.createElement("input"), { type: "checkbox", value: row.dataset.geoid });
      tick.dataset.tick = "yes";
      tick.addEventListener("change", () => flip(tick.value));
      const label = Object.assign(document.createElement("label"), { className: "tick" });
      label.append(tick, ...cell.childNodes);
      cell.append(label);
    }
  }

  function removeTicks() {
    for (const label of table.querySelectorAll("label.tick")) {
      label.querySelector("input").remove();
      label.replaceWith(...label.childNodes);
    }
  }

  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const on = form.hidden;
    form.hidden = !on;
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? "Stop choosing tracts" : "Choose tracts";
    if (on) addTicks(); else { removeTicks(); chosen.clear(); }
    tell();
  });
  form.querySelector("[data-chosen-clear]").addEventListener("click", () => { chosen.clear(); tell(); });
  form.addEventListener("submit", (event) => { if (button.getAttribute("aria-disabled") === "true") event.preventDefault(); });
  if (map) map.addEventListener("map-drawn", () => map.on("plotly_click", ({ points }) => {
    const geoid = points[0] && points[0].location;
    if (!form.hidden && /^\d{11}$/.test(geoid || "")) flip(geoid);
  }));
})();
