// The page for what was never seen: lists the pages that this device kept, the last one first.
document.querySelector("[data-again]").addEventListener("click", () => location.reload());
const found = [];
for (const name of await caches.keys()) {
  if (!name.startsWith("pages/")) continue;
  const pages = await caches.open(name);
  for (const request of await pages.keys()) {
    const answer = await pages.match(request), title = (await answer.text()).match(/<title>([^<]*)<\/title>/)?.[1] ?? "";
    found.push({ href: request.url, at: Number(answer.headers.get("Portal-Kept-At")), title });
  }
}
const box = document.querySelector("[data-kept]"), seen = new Set();
const plain = (text) => new DOMParser().parseFromString(text, "text/html").body.textContent.replace(/ – [^–]*$/, "");
for (const { href, at, title } of found.sort((a, b) => b.at - a.at)) {
  if (seen.has(title)) continue;
  seen.add(title);
  const line = document.createElement("li"), link = document.createElement("a"), time = document.createElement("span");
  Object.assign(link, { href, textContent: plain(title), className: "line-title" });
  const when = new Date(at), at2 = { hour: "numeric", minute: "2-digit" };
  time.className = "note";
  time.textContent = when.toLocaleString("en-US", { month: "short", day: "numeric", ...at2 }).replace(" AM", " a.m.").replace(" PM", " p.m.");
  line.append(link, time);
  box.querySelector("ul").append(line);
}
box.hidden = !found.length;
