// Loads the interactive figure when a reader asks for it; until then the picture that the server drew stands there.
"use strict";

(() => {
  const scripts = document.currentScript.dataset.scripts.split(" ");
  const load = (address) =>
    new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", done);
      script.addEventListener("error", () => failed(new Error(address)));
      document.head.append(script);
    });

  async function explore(box) {
    const [figure, picture, button, said] = ["[data-figure]", "img", "[data-explore-start]", "[data-explore-said]"].map(
      (one) => box.querySelector(one)
    );
    if (button.disabled) return;
    button.disabled = true;
    said.textContent = "Loading the interactive chart.";
    try {
      if (!window.mobilityCharts) for (const address of scripts) await load(address);
      figure.hidden = false;
      await window.mobilityCharts.draw(figure);
      picture.hidden = true;
      button.hidden = true;
      said.textContent = "The chart answers to the mouse and to touch. The table has the same numbers.";
    } catch {
      figure.hidden = true;
      button.disabled = false;
      said.textContent = "The interactive chart could not be loaded. The picture and the table have the same numbers.";
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-explore]")) {
      const button = box.querySelector("[data-explore-start]");
      button.hidden = false;
      button.addEventListener("click", () => explore(box));
      if (window.location.hash === "#explore") explore(box);
    }
  });
})();
