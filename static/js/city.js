// The picker and the views of the map: fetch the values of another choice and put them where the old ones were.
// Without this script the picker is a form with a button, the views are links, and the page is complete.
"use strict";

const picker = document.querySelector("form.picker[data-map]"); // the map's; series have a picker of their own
const live = (name) => document.querySelector(`[data-live="${name}"]`);
const setText = (name, text) => { if (live(name)) live(name).textContent = text; };
const element = (name, properties = {}, ...inside) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
};

function fillList(name, lines) {
  if (live(name)) live(name).replaceChildren(...lines.map((line) => element("li", { textContent: line })));
}

// Cells of the columns that moved, row by row; other columns are taken over where both tables have them.
function fillTable(table, words) {
  table.caption.textContent = words.caption;
  const head = table.tHead.rows[0];
  const before = [...head.cells].map((cell) => cell.dataset.column);
  const rows = table.tBodies[0].rows;
  if (before.join() !== words.keys.join()) rebuildTable(head, rows, before, words);
  words.labels.forEach((label, index) => { head.cells[index].textContent = label; });
  words.cells.forEach((cells, row) => cells.forEach((text, index) => {
    rows[row].cells[words.moving[index]].textContent = text;
  }));
}

function rebuildTable(head, rows, before, words) {
  const arrange = (row, make) => row.replaceChildren(...words.keys.map((key, index) => {
    const cell = before.includes(key) ? row.cells[before.indexOf(key)] : make();
    cell.className = words.numbers[index] ? "number" : "";
    return cell;
  }));
  for (const row of rows) arrange(row, () => document.createElement("td"));
  arrange(head, () => element("th", { scope: "col" }));
  words.keys.forEach((key, index) => { head.cells[index].dataset.column = key; });
}

const sameRows = (table, words) => table.tBodies[0].rows.length === words.cells.length;

// Hover texts from the table's own cells, found by GEOID, so that map and table cannot disagree.
function hoverTexts({ hover, table }) {
  const keys = table.moving.map((index) => table.keys[index]);
  const clean = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const texts = new Map();
  [...document.querySelectorAll("#table-where tbody tr")].forEach((row, number) => {
    const cells = Object.fromEntries(keys.map((key, index) => [key, table.cells[number][index]]));
    const hasValue = cells.value !== "no value published";
    const said = hasValue ? [] : [hover.missing];
    for (const [key, words] of hover.lines) {
      const cell = cells[key] || "";
      if ((!hasValue && !hover.always.includes(key)) || (key && hover.nothing.includes(cell))) continue;
      const line = words.replace("{}", () => clean(cell));
      said.push(hover.instead[line] || line);
    }
    texts.set(row.dataset.geoid, said.join("<br>"));
  });
  return texts;
}

async function redrawMap(payload) {
  const map = document.querySelector('[data-figure="figure-map"]');
  if (!map || !map.data) return;
  const { scale } = payload.map;
  const hover = hoverTexts(payload);
  const named = (names) => map.data.map((_, index) => index).filter((index) => names.includes(map.data[index].name));
  const coloured = named(["tracts", "edge"]);
  const each = (indices, pick) => indices.map((index) => pick(payload.map[map.data[index].name], map.data[index]));
  const patterned = named(["hatch", "dots"]);
  // One call, one drawing: a trace keeps what it is given `undefined` for.
  const ofColoured = (values) => [...values, ...patterned.map(() => undefined)];
  await window.Plotly.restyle(map, {
    z: [...each(coloured, (values) => values.step), ...each(patterned, (values) => values.locations.map(() => 0))],
    locations: [...coloured.map(() => undefined), ...each(patterned, (values) => values.locations)],
    customdata: ofColoured(each(coloured, (_, trace) => trace.customdata.map(([name, , edge, geoid]) => [name, hover.get(geoid), edge, geoid]))),
    hovertemplate: ofColoured(coloured.map(() => payload.map.hovertemplate)),
    "marker.line.color": ofColoured(each(coloured, (values) => values.line)),
    colorscale: ofColoured(coloured.map(() => scale.colorscale)),
    showscale: ofColoured(coloured.map((index) => scale.showscale && Boolean(map.data[index].meta))),
    zmin: ofColoured(coloured.map(() => scale.zmin)),
    zmax: ofColoured(coloured.map(() => scale.zmax)),
    "colorbar.tickvals": ofColoured(coloured.map(() => scale.colorbar.tickvals)),
    "colorbar.ticktext": ofColoured(coloured.map(() => scale.colorbar.ticktext)),
  }, [...coloured, ...patterned]);
}

async function redrawDistribution(figure) {
  const chart = document.querySelector('[data-figure="figure-distribution"]');
  if (chart && figure) await window.Plotly.react(chart, figure.data, figure.layout, window.mobilityCharts.config(chart));
}

function updateAddresses(shown) {
  const page = new URL(window.location.href);
  page.hash = "";
  page.searchParams.delete("asked");
  const set = (address, whole) => {
    address.searchParams.set("measure", shown.measure);
    if (whole && shown.view === "raw") address.searchParams.delete("view");
    else if (whole) address.searchParams.set("view", shown.view);
    return address;
  };
  window.history.replaceState(null, "", set(page, true));
  for (const link of document.querySelectorAll("[data-csv], [data-permalink]")) {
    link.href = set(new URL(link.href), "whole" in link.dataset);
  }
  const printed = document.querySelector("[data-print-address]");
  if (printed) printed.textContent = set(new URL(printed.textContent), true).href;
  for (const link of document.querySelectorAll("#where [data-problem]")) {
    const address = new URL(link.href);
    const about = new URL(address.searchParams.get("about"), window.location.origin);
    about.searchParams.set("measure", shown.measure);
    address.searchParams.set("about", about.pathname + about.search + about.hash);
    link.href = address;
  }
}

function showViews(payload) {
  const links = payload.views.map((view) => {
    const address = new URL(window.location.href);
    address.searchParams.set("measure", payload.measure);
    address.searchParams.set("view", view.value);
    address.hash = "where";
    const link = element("a", { href: address, textContent: view.label });
    link.dataset.view = view.value;
    if (view.is_shown) link.setAttribute("aria-current", "true");
    return link;
  });
  const had = document.activeElement && document.activeElement.closest('[data-live="views"]');
  live("views").replaceChildren(...links);
  if (had) live("views").querySelector("[aria-current]").focus();
  setText("view-note", payload.view_note);
  live("view-note").hidden = !payload.view_note;
  const key = payload.key.map((line) => {
    const swatch = line.swatch ? [element("span", { className: `swatch ${line.swatch}`, ariaHidden: "true" })] : [];
    return element("li", {}, ...swatch, line.words);
  });
  if (live("key")) live("key").replaceChildren(...key);
}

function showContext(context) {
  const box = live("context");
  box.hidden = !context;
  if (!context) return;
  box.querySelector('[data-context="title"]').textContent = context.title;
  box.querySelector('[data-context="paragraphs"]').replaceChildren(
    ...context.paragraphs.map((text) => element("p", { textContent: text })));
}

const params = () => new URL(window.location.href).searchParams;

let latest = 0;
async function show(measure, view) {
  const turn = ++latest;
  const query = new URLSearchParams({ measure, view });
  for (const name of ["overlay", "context"]) if (params().get(name)) query.set(name, params().get(name));
  const answer = await fetch(`${picker.dataset.map}?${query}`);
  if (!answer.ok) throw new Error(String(answer.status));
  const payload = await answer.json();
  if (turn !== latest) return; // a later choice overtook this one
  const arrived = performance.now();
  const where = document.getElementById("table-where");
  const bands = document.getElementById("table-distribution");
  const drawn = Boolean(document.querySelector('[data-figure="figure-distribution"]'));
  const sameKind = String(payload.sample) === picker.dataset.sample; // published or generated: the page says which
  const alone = picker.dataset.alone === "true" || measure === shownMeasure;
  if (payload.needs_context || !where || !drawn || !sameKind || !alone || !payload.distribution.figure || !sameRows(where, payload.table)
    || !sameRows(bands, payload.distribution.table)) {
    const page = new URL(window.location.href);
    page.searchParams.set("measure", measure);
    page.searchParams.delete("asked");
    page.hash = "where";
    window.location.assign(page); // what the page has no place for, or must say first: the server makes it
    if (page.href === window.location.href) window.location.reload();
    return;
  }
  shownMeasure = payload.measure;
  const pageName = document.title.split(" – ").pop();
  const place = document.title.split(":")[0].split(" – ")[0];
  document.title = `${place}: ${payload.label} – ${pageName}`;
  for (const name of ["title", "population"]) setText(name, payload[name]);
  setText("where-finding", payload.lead);
  setText("where-rest", payload.rest);
  setText("distribution-finding", payload.distribution.finding);
  fillList("where-caveats", payload.caveats);
  fillList("where-sources", payload.sources);
  fillList("distribution-sources", payload.sources);
  fillTable(where, payload.table);
  fillTable(bands, payload.distribution.table);
  updateAddresses(payload);
  showViews(payload);
  showContext(payload.context);
  await Promise.all([redrawMap(payload), redrawDistribution(payload.distribution.figure)]);
  picker.dataset.repainted = (performance.now() - arrived).toFixed(0); // milliseconds from values to picture
  const name = payload.views.find((view) => view.is_shown).label;
  document.getElementById("announcement").textContent = `Now showing: ${payload.title}, ${name.toLowerCase()}. ${payload.finding}`;
}

// What the selects say, with the options under each choice that exist; the nearest where the old one does not.
const choices = picker && JSON.parse(document.getElementById("measure-choices").textContent);

function offer(part, values) {
  const select = picker.elements[part];
  const kept = values.includes(select.value) ? select.value : values[0];
  select.replaceChildren(...values.map((value) => element("option", { value, textContent: choices.words[part][value] })));
  const none = values.length === 1 && values[0] === "";
  if (!none) select.value = kept;
  select.disabled = none;
  picker.querySelector(`[data-part="${part}"]`).hidden = none;
  return none ? "" : kept;
}

function chosenMeasure() {
  const [pattern, tree] = choices.subjects[picker.elements.subject.value];
  const races = choices.trees[tree];
  const race = offer("race", Object.keys(races));
  const gender = offer("gender", Object.keys(races[race]));
  const income = offer("income", races[race][gender]);
  return pattern.replace("{race}", race).replace("{gender}", gender).replace("{income}", income);
}

let shownMeasure = picker && chosenMeasure();
const shownView = () => (document.querySelector('[data-live="views"] [aria-current]') || { dataset: { view: "raw" } }).dataset.view;

if (picker) {
  document.documentElement.classList.add("has-script");
  picker.addEventListener("change", (event) => {
    if (event.target.name === "overlay") return picker.submit();
    return show(chosenMeasure(), params().get("view") || shownView()).catch(() => picker.submit());
  });
  if (live("views")) live("views").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-view]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(shownMeasure, link.dataset.view).catch(() => window.location.assign(link.href));
  });
}
