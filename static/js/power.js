// What a test can find, asked again while one types. Without it the page shows it after saving.
const PAUSE = 250; // after the last key

function watch(form) {
  const shown = document.querySelector("[data-power-shown]");
  const effect = form.elements.smallest_worthwhile, beside = document.createElement("p");
  beside.className = "help"; // the same sentence, right where the effect is typed
  effect?.insertAdjacentElement("afterend", beside);
  const say = () => { beside.textContent = shown.querySelector("strong")?.textContent ?? ""; };
  let timer = 0, asked = null;
  async function ask() {
    asked?.abort();
    asked = new AbortController();
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.power, { method: "POST", body, signal: asked.signal });
      if (answer.ok) shown.innerHTML = await answer.text();
      say();
    } catch (problem) {
      if (problem.name !== "AbortError") shown.querySelector("p")?.classList.add("quiet"); // it is asked again with the next key
    }
  }
  say();
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
}

document.querySelectorAll("form[data-power]").forEach(watch);
