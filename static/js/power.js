// What a test can find, asked again while one types. Without it the page shows it after saving.
const PAUSE = 250; // after the last key

function watch(form) {
  const shown = document.querySelector("[data-power-shown]");
  let timer = 0, asked = null;
  async function ask() {
    asked?.abort();
    asked = new AbortController();
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.power, { method: "POST", body, signal: asked.signal });
      if (answer.ok) shown.innerHTML = await answer.text();
    } catch (problem) {
      if (problem.name !== "AbortError") shown.querySelector("p")?.classList.add("quiet"); // it is asked again with the next key
    }
  }
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
}

document.querySelectorAll("form[data-power]").forEach(watch);
