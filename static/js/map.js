// The map of a place: keys, hover, the card of a tract, zoom, and another measure without a new page.
// Without this script the map is complete: each tract is a link, views are links, the picker is a form.
"use strict";

(() => {
  const section = document.getElementById("where");
  const svg = section && section.querySelector(".map-svg");
  const picker = section && section.querySelector("form.picker");
  if (!section) return;
  document.documentElement.classList.add("has-script");
  const live = (name) => section.querySelector(`[data-live="${name}"]`);
  const params = () => new URL(window.location.href).searchParams;
  // Incomes are read in the dollars that the page has.
  const inDollars = (query) => {
    if (params().has("dollars")) query.set("dollars", params().get("dollars"));
    return query;
  };
  const state = { measure: section.dataset.measure, view: section.dataset.view, turn: 0, card: 0 };

  // What a form asks for: only combinations that exist.
  const choices = picker && JSON.parse(document.getElementById("measure-choices").textContent);
  const isNone = (values) => values.length === 1 && values[0] === "";
  const nearestOf = (values, wanted) => (values.includes(wanted) ? wanted : values[0]);
  function resolve(wanted) {
    const [pattern, tree] = choices.subjects[wanted.subject];
    const races = choices.trees[tree];
    const offered = { race: Object.keys(races) };
    const race = nearestOf(offered.race, wanted.race);
    offered.gender = Object.keys(races[race]);
    const gender = nearestOf(offered.gender, wanted.gender);
    offered.income = races[race][gender];
    const kept = { race, gender, income: nearestOf(offered.income, wanted.income) };
    const measure = Object.entries(kept).reduce((found, [part, value]) => found.replace(`{${part}}`, value), pattern);
    return { offered, kept, measure };
  }
  function offer(part, values, kept) {
    const select = picker.elements[part];
    if (values.join() !== [...select.options].map((one) => one.value).join()) {
      select.replaceChildren(...values.map((value) => new Option(choices.words[part][value], value)));
    }
    if (!isNone(values)) select.value = kept;
    select.disabled = isNone(values);
    picker.querySelector(`[data-part="${part}"]`).hidden = values.length < 2;
  }
  const wanted = () => Object.fromEntries(["subject", "race", "gender", "income"].map((part) => [part, picker.elements[part].value]));
  function chosenMeasure() {
    const found = resolve(wanted());
    for (const part of Object.keys(found.kept)) offer(part, found.offered[part], found.kept[part]);
    return found.measure;
  }
  if (picker) {
    chosenMeasure();
    picker.addEventListener("change", () => {
      const measure = chosenMeasure();
      if (!svg) return picker.submit();
      return show(measure, state.view).catch(() => picker.submit());
    });
  }
  if (!svg) return;

  const box = section.querySelector(".map-box");
  const card = document.getElementById("tract-card");
  const tip = section.querySelector(".map-tip");
  const links = [...svg.querySelectorAll(".tracts a")];
  const paths = links.map((link) => link.firstElementChild);
  const geoids = links.map((link) => link.getAttribute("href").match(/\d{11}/)[0]);
  const names = links.map((link) => {
    const label = link.getAttribute("aria-label");
    const at = label.lastIndexOf(": ");
    return at < 0 ? label : label.slice(0, at);
  });
  const rings = [...svg.querySelectorAll(".ring, .ring-under")];
  const scale = Number(svg.dataset.scale);
  let middles;
  const middle = (index) => {
    middles = middles || paths.map((path) => {
      const { x, y, width, height } = path.getBBox();
      return [(x + width / 2) * scale, (y + height / 2) * scale];
    });
    return middles[index];
  };
  let at = card ? geoids.indexOf(card.dataset.tract) : -1;

  // The view: the whole map, on a phone the place alone.
  const wide = svg.getAttribute("viewBox").split(" ").map(Number);
  const narrow = svg.dataset.narrow.split(" ").map(Number);
  const phone = window.matchMedia("(max-width: 759.9px)");
  let [x, y, width, height] = wide;
  let home = wide;
  const isNear = () => width < home[2] * 0.99;
  function draw() {
    svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    const pixels = Math.min(svg.clientWidth / width, svg.clientHeight / height) || 1;
    svg.style.setProperty("--z", String((phone.matches ? 1 : Math.max(1, svg.clientWidth / wide[2])) / pixels));
    box.classList.toggle("is-near", isNear());
  }
  function whole() {
    home = phone.matches ? narrow : wide;
    [x, y, width, height] = home;
    draw();
  }
  function zoom(factor, px = x + width / 2, py = y + height / 2) {
    const next = Math.min(home[2], Math.max(home[2] / 12, width / factor));
    const by = next / width;
    [x, y, width, height] = [px - (px - x) * by, py - (py - y) * by, next, height * by];
    hold();
  }
  function hold() {
    if (!isNear()) return whole();
    x = Math.min(Math.max(x, home[0] - width / 3), home[0] + home[2] - (2 * width) / 3);
    y = Math.min(Math.max(y, home[1] - height / 3), home[1] + home[3] - (2 * height) / 3);
    return draw();
  }
  function point(event) {
    const made = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [made.x, made.y];
  }
  box.classList.add("has-map");
  phone.addEventListener("change", whole);
  window.addEventListener("resize", draw);
  window.addEventListener("beforeprint", () => { [x, y, width, height] = wide; draw(); });
  window.addEventListener("afterprint", whole);
  const controls = section.querySelector(".map-zoom");
  controls.hidden = false;
  controls.addEventListener("click", ({ target }) => {
    if (target.dataset.zoom) zoom(target.dataset.zoom === "in" ? 1.6 : 1 / 1.6);
  });
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, ...point(event));
  }, { passive: false });

  // Pan with the mouse; with fingers once the map is closer. Two fingers zoom.
  const fingers = new Map();
  let moved = 0;
  svg.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    moved = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return hover(event);
    const now = [event.clientX, event.clientY];
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    fingers.set(event.pointerId, now);
    if (!isNear() && fingers.size < 2) return;
    if (moved > 4) svg.setPointerCapture(event.pointerId);
    const unit = 1 / svg.getScreenCTM().a;
    if (fingers.size === 2) {
      const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      const gap = (place) => Math.hypot(place[0] - other[0], place[1] - other[1]);
      zoom(gap(now) / Math.max(gap(before), 1), ...point(event));
    } else {
      x -= (now[0] - before[0]) * unit;
      y -= (now[1] - before[1]) * unit;
      hold();
    }
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
    svg.addEventListener(name, (event) => { fingers.delete(event.pointerId); if (name !== "pointerup") tip.hidden = true; });
  }

  function hover(event) {
    const index = event.pointerType === "mouse" ? links.indexOf(event.target.closest(".tracts a")) : -1;
    tip.hidden = index < 0;
    if (index < 0) return;
    tip.textContent = links[index].getAttribute("aria-label");
    const { left, top, width: room } = box.getBoundingClientRect();
    const from = Math.min(event.clientX - left + 14, room - tip.offsetWidth - 4);
    tip.style.transform = `translate(${Math.max(0, from)}px, ${event.clientY - top + 18}px)`;
  }

  // One tract is chosen: the ring on the map, its card beside it.
  function ring(index) {
    at = index;
    for (const one of rings) one.setAttribute("d", paths[index].getAttribute("d"));
    const [px, py] = middle(index);
    if (isNear() && (px < x || px > x + width || py < y || py > y + height)) {
      [x, y] = [px - width / 2, py - height / 2];
      hold();
    }
  }
  async function open(index, focus) {
    ring(index);
    if (!card) return window.location.assign(links[index].href.baseVal || links[index].getAttribute("href"));
    const turn = ++state.card;
    const query = inDollars(new URLSearchParams({ tract: geoids[index], measure: state.measure }));
    if (params().get("context")) query.set("context", params().get("context"));
    const answer = await fetch(`${section.dataset.card}?${query}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const text = await answer.text();
    if (turn !== state.card) return undefined;
    card.innerHTML = text; // our own fragment, every word escaped by the server
    card.dataset.tract = geoids[index];
    const page = new URL(window.location.href);
    page.searchParams.set("tract", geoids[index]);
    window.history.replaceState(null, "", page);
    say(`${names[index]}. ${card.querySelector(".card-sentence").textContent}`);
    if (focus) card.focus();
    return undefined;
  }
  const say = (words) => { document.getElementById("announcement").textContent = words; };
  const choosing = () => svg.classList.contains("is-choosing");
  const pick = (index) => svg.dispatchEvent(new CustomEvent("tract-picked", { detail: geoids[index] }));
  const leave = (index) => window.location.assign(links[index].getAttribute("href"));

  svg.addEventListener("click", (event) => {
    const index = links.indexOf(event.target.closest(".tracts a"));
    if (moved > 6) event.preventDefault();
    if (index < 0 || moved > 6 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (choosing()) { ring(index); pick(index); return; }
    open(index).catch(() => leave(index));
  });

  const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function nearest([dx, dy]) {
    const [fx, fy] = middle(at);
    let best = -1;
    let least = Infinity;
    for (let index = 0; index < links.length; index += 1) {
      const [tx, ty] = middle(index);
      const along = (tx - fx) * dx + (ty - fy) * dy;
      const across = Math.abs((tx - fx) * dy) + Math.abs((ty - fy) * dx);
      const cost = along + 2 * across;
      if (index !== at && along > 0 && across <= 2 * along && cost < least) [best, least] = [index, cost];
    }
    return best;
  }
  svg.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (directions[event.key]) {
      event.preventDefault();
      const next = at < 0 ? 0 : nearest(directions[event.key]);
      if (next >= 0) { ring(next); say(links[next].getAttribute("aria-label")); }
    } else if ((event.key === "Enter" || event.key === " ") && at >= 0) {
      event.preventDefault();
      if (choosing()) pick(at); else open(at, true).catch(() => leave(at));
    } else if (event.key === "+" || event.key === "=") zoom(1.6, ...(at < 0 ? [] : middle(at)));
    else if (event.key === "-") zoom(1 / 1.6);
    else if (event.key === "0" || event.key === "Escape") whole();
  });
  if (card) card.addEventListener("keydown", (event) => { if (event.key === "Escape") svg.focus(); });

  // Another measure or view: classes, words and legend; the shapes stay.
  function addresses(shown) {
    const set = (address) => {
      address.searchParams.set("measure", shown.measure);
      if (shown.view === "raw") address.searchParams.delete("view");
      else address.searchParams.set("view", shown.view);
      return address;
    };
    const page = set(new URL(window.location.href));
    page.hash = "";
    page.searchParams.delete("asked");
    window.history.replaceState(null, "", page);
    for (const link of section.querySelectorAll("a[data-measured], a[data-csv]")) link.href = set(new URL(link.href));
    for (const link of section.querySelectorAll("a[data-view]")) {
      const address = new URL(link.href);
      address.searchParams.set("measure", shown.measure);
      link.href = address;
      link.toggleAttribute("aria-current", link.dataset.view === shown.view);
      if (link.dataset.view === shown.view) link.setAttribute("aria-current", "true");
    }
  }
  function reload(measure, view) {
    const page = new URL(window.location.href);
    page.searchParams.set("measure", measure);
    if (view !== "raw") page.searchParams.set("view", view);
    page.searchParams.delete("asked");
    page.hash = "where";
    window.location.assign(page); // what must be said first, the server says
    if (page.href === window.location.href) window.location.reload();
  }
  // What is pointed at, or has the focus, is asked for before it is chosen; an answer is used for a minute.
  const answers = new Map();
  function ask(measure, view) {
    const query = inDollars(new URLSearchParams({ measure, view }));
    for (const name of ["overlay", "context"]) if (params().get(name)) query.set(name, params().get(name));
    const address = `${section.dataset.map}?${query}`;
    const held = answers.get(address);
    if (held && performance.now() - held.at < 60000) return held.answer;
    const answer = fetch(address).then((response) => {
      if (!response.ok) throw new Error(String(response.status));
      return response.json();
    });
    answers.set(address, { at: performance.now(), answer });
    answer.catch(() => answers.delete(address));
    return answer;
  }
  let expecting = 0;
  async function expect({ target }) {
    const link = target.closest("a[data-view]");
    if (link && link.dataset.view !== state.view) ask(state.measure, link.dataset.view);
    const select = target.closest("form.picker select");
    if (!select || select.options.length > 20) return;
    const turn = ++expecting;
    for (const option of select.options) { // one after the other: who chooses meanwhile need not wait for all
      const { measure } = resolve({ ...wanted(), [select.name]: option.value });
      if (measure !== state.measure) await ask(measure, state.view).catch(() => {});
      if (turn !== expecting) return;
    }
  }
  section.addEventListener("pointerover", expect, { passive: true });
  section.addEventListener("focusin", expect);
  const painted = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); setTimeout(done, 100); });
  async function show(measure, view) {
    const turn = ++state.turn;
    const shown = await ask(measure, view);
    if (turn !== state.turn) return; // a later choice overtook this one
    const sensitive = Boolean(section.querySelector(".context:not([hidden])"));
    if (shown.needs_context || shown.is_sensitive || sensitive || String(shown.sample) !== section.dataset.sample
      || shown.words.length !== links.length) { reload(measure, view); return; }
    const arrived = performance.now();
    [state.measure, state.view] = [shown.measure, shown.view];
    paths.forEach((path, index) => {
      const css = shown.classes[parseInt(shown.tracts[index], 36)];
      if (path.getAttribute("class") !== css) path.setAttribute("class", css);
      const words = shown.words[index];
      links[index].setAttribute("aria-label", words ? `${names[index]}: ${words}` : names[index]);
    });
    svg.setAttribute("aria-label", shown.title);
    live("legend").innerHTML = shown.legend; // our own fragment, every word escaped by the server
    live("caption").textContent = shown.caption;
    live("finding").textContent = shown.finding;
    live("title").textContent = shown.heading;
    live("view-note").textContent = shown.note;
    live("view-note").hidden = !shown.note;
    await painted(); // what nobody sees waits for what everybody does
    section.dataset.repainted = (performance.now() - arrived).toFixed(0);
    if (turn !== state.turn) return;
    addresses(shown);
    const key = section.querySelector(".key");
    if (key) key.replaceChildren(...shown.key.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    if (at >= 0 && card) await open(at);
    say(shown.said);
  }
  section.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-view]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(state.measure, link.dataset.view).catch(() => window.location.assign(link.href));
  });
  whole();
})();
