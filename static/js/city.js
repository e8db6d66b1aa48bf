// The measure picker: fetches the values of another measure and puts them where the old ones were.
// Without this script the picker is a form with a button and the page is complete.
"use strict";

const picker = document.querySelector("form.picker");
const live = (name) => document.querySelector(`[data-live="${name}"]`);
const setText = (name, text) => { if (live(name)) live(name).textContent = text; };

function fillList(name, lines) {
  const items = lines.map((line) => Object.assign(document.createElement("li"), { textContent: line }));
  if (live(name)) live(name).replaceChildren(...items);
}

// The cells that moved, row by row; labels and caption with them.
function fillTable(table, words) {
  table.caption.textContent = words.caption;
  words.labels.forEach((label, index) => { table.tHead.rows[0].cells[index].textContent = label; });
  words.cells.forEach((cells, row) => cells.forEach((text, index) => {
    table.tBodies[0].rows[row].cells[words.moving[index]].textContent = text;
  }));
}

function sameShape(table, words) {
  const keys = [...table.tHead.rows[0].cells].map((cell) => cell.dataset.column);
  return keys.join() === words.keys.join() && table.tBodies[0].rows.length === words.cells.length;
}

// Hover texts from the table's own cells, found by GEOID, so that map and table cannot disagree.
function hoverTexts(trace, words) {
  const at = (key) => words.moving.indexOf(words.keys.indexOf(key));
  const [value, error, percentile] = [at("value"), at("standard_error"), at("national_percentile")];
  const cells = new Map();
  [...document.querySelectorAll("#table-where tbody tr")].forEach((row, index) => {
    cells.set(row.dataset.geoid, words.cells[index]);
  });
  return trace.customdata.map(([name, , oldError, , edge, geoid]) => {
    const own = cells.get(geoid);
    const published = !own[percentile].startsWith("no ");
    let errorText = oldError;
    if (error >= 0) errorText = own[error].startsWith("none") ? "no standard error published" : `standard error ${own[error]}`;
    return [name, own[value], errorText, published ? `higher than ${own[percentile]} in 100 US tracts` : "", edge, geoid];
  });
}

async function redrawMap(payload) {
  const element = document.querySelector('[data-figure="figure-map"]');
  if (!element || !element.data) return;
  const { scale } = payload.map;
  const traces = element.data.map((_, index) => index).filter((index) => payload.map[element.data[index].name]);
  const each = (pick) => traces.map((index) => pick(element.data[index]));
  await window.Plotly.restyle(element, {
    z: each((trace) => payload.map[trace.name].step),
    customdata: each((trace) => hoverTexts(trace, payload.table)),
    "marker.line.color": each((trace) => payload.map[trace.name].line),
    colorscale: each(() => scale.colorscale),
    zmin: scale.zmin,
    zmax: scale.zmax,
    "colorbar.tickvals": each(() => scale.colorbar.tickvals),
    "colorbar.ticktext": each(() => scale.colorbar.ticktext),
  }, traces);
}

async function redrawDistribution(figure) {
  const element = document.querySelector('[data-figure="figure-distribution"]');
  if (element && figure) await window.Plotly.react(element, figure.data, figure.layout, window.mobilityCharts.config(element));
}

function updateAddresses(slug) {
  const page = new URL(window.location.href);
  page.searchParams.set("measure", slug);
  page.hash = "";
  window.history.replaceState(null, "", page);
  for (const link of document.querySelectorAll("[data-csv], [data-permalink]")) {
    const address = new URL(link.href);
    address.searchParams.set("measure", slug);
    link.href = address;
  }
  for (const link of document.querySelectorAll("#where [data-problem]")) {
    const address = new URL(link.href);
    const about = new URL(address.searchParams.get("about"), window.location.origin);
    about.searchParams.set("measure", slug);
    address.searchParams.set("about", about.pathname + about.search + about.hash);
    link.href = address;
  }
}

let latest = 0;
async function showMeasure(slug) {
  const turn = ++latest;
  const answer = await fetch(`${picker.dataset.map}?measure=${encodeURIComponent(slug)}`);
  if (!answer.ok) throw new Error(String(answer.status));
  const payload = await answer.json();
  if (turn !== latest) return; // a later choice overtook this one
  const where = document.getElementById("table-where");
  const bands = document.getElementById("table-distribution");
  const hasMap = Boolean(document.querySelector('[data-figure="figure-distribution"]'));
  const sameKind = String(payload.sample) === picker.dataset.sample; // published or generated: the page says which
  if (!sameKind || !sameShape(where, payload.table) || !sameShape(bands, payload.distribution.table) || !hasMap) {
    picker.submit(); // other columns: let the server make the page
    return;
  }
  const pageName = document.title.split(" – ").pop();
  const place = document.title.split(":")[0].split(" – ")[0];
  document.title = `${place}: ${payload.label} – ${pageName}`;
  setText("title", payload.title);
  setText("population", payload.population);
  setText("where-finding", payload.finding);
  setText("distribution-finding", payload.distribution.finding);
  fillList("where-caveats", payload.caveats);
  fillList("where-sources", payload.sources);
  fillList("distribution-sources", payload.sources);
  fillTable(where, payload.table);
  fillTable(bands, payload.distribution.table);
  updateAddresses(payload.measure);
  await Promise.all([redrawMap(payload), redrawDistribution(payload.distribution.figure)]);
  document.getElementById("announcement").textContent = `Now showing: ${payload.title}. ${payload.finding}`;
}

if (picker) {
  document.documentElement.classList.add("has-script");
  picker.querySelector("select").addEventListener("change", (event) => {
    showMeasure(event.target.value).catch(() => picker.submit());
  });
}
