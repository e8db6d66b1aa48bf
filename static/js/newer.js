// An open page asks now and then whether its numbers are still the newest, and says so when they are not.
const EVERY = 30000; // between two questions, while the page is looked at

for (const place of document.querySelectorAll("[data-newer]")) {
  const words = place.querySelector("[hidden]");
  const address = place.dataset.newer + location.search;
  let timer = 0;

  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.status === 429 || answer.status >= 500) return; // later
      if (!answer.ok || answer.redirected) { clearInterval(timer); return; } // signed out: the page stays as it is
      const { fingerprint } = await answer.json();
      if (fingerprint === place.dataset.fingerprint) return;
    } catch {
      return; // no connection: asked again
    }
    clearInterval(timer);
    words.querySelector("a").href = location.pathname + location.search;
    words.hidden = false;
  }

  timer = setInterval(ask, Number(place.dataset.every) || EVERY);
  document.addEventListener("visibilitychange", ask);
}
