// Choosing the tracts of a plan: a click on the map ticks the tract's box in the table, which is what is sent.
"use strict";

(() => {
  const map = document.querySelector('[data-figure="figure-map"]');
  const boxes = new Map([...document.querySelectorAll('input[name="tract"]')].map((box) => [box.value, box]));
  const said = document.querySelector("[data-chosen-count]");
  if (!map || !boxes.size || !said) return;

  const chosen = () => [...boxes.values()].filter((box) => box.checked).map((box) => box.value);

  function tell() {
    const number = chosen().length;
    said.textContent = `${number || "No"} tract${number === 1 ? "" : "s"} chosen${number ? "." : " yet."}`;
    outline();
  }

  // The chosen tracts as a trace of their own, drawn once and filled anew.
  function outline() {
    if (!map.data) return;
    const locations = chosen();
    const index = map.data.findIndex((trace) => trace.name === "chosen");
    const z = locations.map(() => 0);
    if (index >= 0) return window.Plotly.restyle(map, { locations: [locations], z: [z] }, [index]);
    const clear = "rgba(255,191,71,0.35)";
    return window.Plotly.addTraces(map, {
      type: "choropleth", name: "chosen", geojson: map.dataset.geometry, featureidkey: "id", locations, z,
      colorscale: [[0, clear], [1, clear]], showscale: false, hoverinfo: "skip",
      marker: { line: { width: 3, color: "#16222e" } },
    });
  }

  for (const box of boxes.values()) box.addEventListener("change", tell);
  map.addEventListener("map-drawn", () => {
    tell();
    map.on("plotly_click", ({ points }) => {
      const box = boxes.get(points[0] && points[0].location);
      if (!box) return;
      box.checked = !box.checked;
      tell();
    });
  });
})();
