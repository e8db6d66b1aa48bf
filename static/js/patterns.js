// Hatches and dots over a map's areas. A choropleth knows no patterns: a trace whose meta names one has its
// areas filled again after every drawing, and in the picture that is saved.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const shape = (name, attributes, ...inside) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};

const mapPatterns = {
  // The dots' white veil leaves 35% of the color below it.
  tiles() {
    const tile = { width: 6, height: 6, patternUnits: "userSpaceOnUse" };
    return shape("defs", {},
      shape("pattern", { id: "map-hatch", ...tile },
        shape("path", { d: "M-1,1L1,-1M0,6L6,0M5,7L7,5", stroke: "#52606d", "stroke-width": 1.2, fill: "none" })),
      shape("pattern", { id: "map-dots", ...tile },
        shape("rect", { width: 6, height: 6, fill: "#ffffff", "fill-opacity": 0.65 }),
        shape("circle", { cx: 3, cy: 3, r: 1, fill: "#16222e" })));
  },

  traceOf: (group) => group.__data__ && group.__data__[0] && group.__data__[0].trace,
  groups: (element) => [...element.querySelectorAll(".choroplethlayer > g")],

  used: (element) => element.data && element.data.some((trace) => trace.meta && trace.meta.pattern),

  fill(group, pattern) {
    for (const path of group.querySelectorAll("path")) {
      path.style.fill = `url("#map-${pattern}")`;
      path.style.fillOpacity = "1";
    }
  },

  // Fills what stands on the page; once here, after each drawing.
  apply(element) {
    if (!document.getElementById("map-hatch")) {
      document.body.append(shape("svg", { width: 0, height: 0, class: "sr-only", "aria-hidden": "true" }, this.tiles()));
    }
    const paint = () => {
      for (const group of this.groups(element)) {
        const trace = this.traceOf(group);
        if (trace && trace.meta && trace.meta.pattern) this.fill(group, trace.meta.pattern);
      }
    };
    element.on("plotly_afterplot", paint);
    paint();
  },

  // The picture is drawn anew by plotly, without patterns, as text: its clear areas are found by their white, which
  // no other area has. (Read as a document it would lose its styles to the policy.)
  whites: { hatch: 253, dots: 254 },

  async svg(element, size) {
    // A map whose key is a list on the page takes its color bar along.
    const data = element.data.map((trace) => (trace.meta && trace.meta.bar ? { ...trace, showscale: true } : trace));
    const address = await window.Plotly.toImage({ data, layout: element.layout }, { format: "svg", ...size });
    let text = decodeURIComponent(address.slice(address.indexOf(",") + 1));
    for (const [pattern, blue] of Object.entries(this.whites)) {
      text = text.replace(new RegExp(`fill="rgba?\\(255, ?255, ?${blue}[^"]*"`, "g"), `fill="url(#map-${pattern})"`);
    }
    const start = text.indexOf(">", text.indexOf("<svg")) + 1;
    return text.slice(0, start) + new XMLSerializer().serializeToString(this.tiles()) + text.slice(start);
  },

  async save(element, { width, height, scale, filename }) {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await this.svg(element, { width, height }))}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${filename}.png` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  },
};
window.mapPatterns = mapPatterns;
