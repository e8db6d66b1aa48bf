// Draws every element with data-figure from the figure JSON beside it. No inline script, no foreign host.
"use strict";

// A choropleth asks for a world map from plotly's CDN although it brings its own geometry:
// an empty one under the name it looks for keeps the request from ever being made.
window.PlotlyGeoAssets = window.PlotlyGeoAssets || {};
window.PlotlyGeoAssets.topojson = {
  ...window.PlotlyGeoAssets.topojson,
  world_110m: { type: "Topology", objects: {}, arcs: [] },
};

const mobilityCharts = {
  config(element) {
    return {
      displaylogo: false,
      responsive: true,
      scrollZoom: false,
      logging: 0,
      displayModeBar: element.dataset.geometry ? true : false,
      modeBarButtons: [["zoomInGeo", "zoomOutGeo", "resetGeo"]],
    };
  },

  // The geometry is fetched once from its own cacheable address; traces then name it by that address.
  async loadGeometry(element, figure) {
    const address = element.dataset.geometry;
    if (!window.PlotlyGeoAssets[address]) {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`The map's boundaries could not be loaded (${answer.status}).`);
      window.PlotlyGeoAssets[address] = await answer.json();
    }
    for (const trace of figure.data) if (trace.locations) trace.geojson = address;
    this.fit(figure, window.PlotlyGeoAssets[address]);
  },

  // Plotly's own fit leaves wide margins around something as small as a city: fit to the features instead:
  // the city's own tracts and its outline. Large tracts at the edge may run out of the frame.
  fit(figure, geometry) {
    const geo = figure.layout.geo;
    const edge = new Set(figure.data.filter((trace) => trace.name === "edge").flatMap((trace) => trace.locations));
    let [west, south, east, north] = [180, 90, -180, -90];
    const walk = (part) => {
      if (typeof part[0] !== "number") return part.forEach(walk);
      west = Math.min(west, part[0]); east = Math.max(east, part[0]);
      south = Math.min(south, part[1]); north = Math.max(north, part[1]);
    };
    for (const feature of geometry.features) if (!edge.has(feature.id)) walk(feature.geometry.coordinates);
    if (west > east) return;
    const [wide, high] = [(east - west) * 0.02, (north - south) * 0.02];
    Object.assign(geo, { fitbounds: false });
    geo.lonaxis = { range: [west - wide, east + wide] };
    geo.lataxis = { range: [south - high, north + high] };
    geo.center = { lon: (west + east) / 2, lat: (south + north) / 2 };
    geo.projection = { type: "mercator", rotation: { lon: (west + east) / 2, lat: 0 } };
  },

  // A picture at twice the size on screen, named after the city and the figure.
  save(button) {
    const element = document.querySelector(`[data-figure="${button.dataset.png}"]`);
    const { width, height } = element.getBoundingClientRect();
    const options = { format: "png", scale: 2, width, height, filename: button.dataset.name };
    if (window.mapPatterns.used(element)) return window.mapPatterns.save(element, options);
    return window.Plotly.downloadImage(element, options);
  },

  async draw(element) {
    const figure = JSON.parse(document.getElementById(element.dataset.figure).textContent);
    // A finger on the map scrolls the page; only a mouse moves the map.
    if (element.dataset.geometry && window.matchMedia("(pointer: fine)").matches) figure.layout.dragmode = "pan";
    try {
      if (element.dataset.geometry) await this.loadGeometry(element, figure);
      await window.Plotly.newPlot(element, figure.data, figure.layout, this.config(element));
      if (window.mapPatterns.used(element)) window.mapPatterns.apply(element);
      element.dataset.drawn = "yes";
      element.dispatchEvent(new Event("map-drawn"));
    } catch (problem) {
      element.textContent = `${problem.message} The table has the same numbers.`;
      element.classList.add("chart-failed");
      for (const button of document.querySelectorAll(`[data-png="${element.dataset.figure}"]`)) button.hidden = true;
    }
  },
};
window.mobilityCharts = mobilityCharts;

// A sheet of Letter or A4 is narrower than a screen: what stands on screen at 1,200 pixels is drawn anew for it.
const SHEET = 660; // pixels between the margins, some to spare
const drawn = () => document.querySelectorAll('[data-drawn="yes"]');
window.addEventListener("beforeprint", () => {
  for (const element of document.querySelectorAll("details.know:not([open])")) {
    element.open = true;
    element.dataset.openedToPrint = "yes";
  }
  for (const element of drawn()) if (element.clientWidth > SHEET) window.Plotly.relayout(element, { width: SHEET });
});
window.addEventListener("afterprint", () => {
  for (const element of document.querySelectorAll("[data-opened-to-print]")) {
    element.open = false;
    delete element.dataset.openedToPrint;
  }
  for (const element of drawn()) window.Plotly.relayout(element, { width: null, autosize: true });
});

document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll("[data-figure]")) mobilityCharts.draw(element);
  for (const button of document.querySelectorAll("button[data-png]")) {
    button.hidden = false;
    button.addEventListener("click", () => mobilityCharts.save(button));
  }
});
