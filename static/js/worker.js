// The service worker: pages seen last can be read without a connection, and so can the forms of the quick log. What it
// keeps is bounded in number, bytes and days, belongs to one session with its roles, and is never an answer to a form, an
// export or a document. RELEASE stands above: the view puts it there.
"use strict";

const MOST = 30, BYTES = 12e6, ONE = 1.5e6, FILES = 150, DAYS = 7, PATIENCE = 8000; // milliseconds
const SHELL = `shell/${RELEASE.version}`, STATIC = "static", PAGES = "pages/", EVERYONE = "everyone";
const KEPT_FOR = "Portal-Kept-For", KEPT_AT = "Portal-Kept-At", SIZE = "Portal-Size";

addEventListener("install", (event) => event.waitUntil((async () => {
  const shell = await caches.open(SHELL);
  // Without cookies: it names nobody.
  await Promise.all([RELEASE.offline, ...RELEASE.files].map(async (path) => {
    const answer = await fetch(path, { credentials: "omit", cache: "no-cache" });
    if (answer.ok && !answer.redirected) await shell.put(path, answer);
  }));
  await skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shell/") && name !== SHELL).map((name) => caches.delete(name)));
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith(RELEASE.static)) event.respondWith(file(event, url));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
});

addEventListener("message", (event) => {
  if (event.data.wipe) event.waitUntil(wipe(() => true));
  if (event.data.warm) event.waitUntil(warm(event.data.warm));
});

const wipe = async (chosen) => {
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES) && chosen(name.slice(PAGES.length)));
  await Promise.all(names.map((name) => caches.delete(name)));
};

// --- Files: a name with a digest in it never changes.
async function file(event, url) {
  const same = await caches.match(event.request);
  if (same && /\.[0-9a-f]{12}\./.test(url.pathname)) return same;
  try {
    const answer = await fetch(event.request);
    if (answer.ok && answer.status === 200) event.waitUntil(keepFile(event.request, answer.clone()));
    return answer;
  } catch (lost) {
    if (same) return same;
    throw lost;
  }
}

async function keepFile(request, answer) {
  const files = await caches.open(STATIC), keys = await files.keys();
  await files.put(request, answer);
  await Promise.all(keys.slice(0, Math.max(0, keys.length - FILES)).map((old) => files.delete(old)));
}

// --- Pages: the network first.
async function page(event, url) {
  const answer = fetch(event.request);
  event.waitUntil(answer.then((found) => keep(url, found.clone())).catch(() => {}));
  const late = new Promise((done) => { setTimeout(done, PATIENCE); }).then(() => kept(url));
  try {
    return await Promise.race([answer, late.then((found) => found ?? answer)]);
  } catch {
    return await kept(url) ?? await caches.match(RELEASE.offline) ?? Response.error();
  }
}

async function keep(url, answer) {
  const { headers, status, redirected } = answer, whose = headers.get(KEPT_FOR);
  if (status !== 200 || !headers.get("Content-Type")?.startsWith("text/html")) return;
  if (whose === "-") return; // somebody's page that is kept nowhere
  if (!whose) { // nobody is signed in here any more
    await wipe((name) => name !== EVERYONE);
    if (/no-store|private/.test(headers.get("Cache-Control")) || url.pathname.startsWith("/accounts/")) return;
  } else {
    await wipe((name) => name !== whose && name !== EVERYONE);
  }
  if (redirected) return;
  const body = await answer.blob();
  if (body.size > ONE) return;
  const fresh = new Headers(headers);
  fresh.delete("Content-Encoding");
  fresh.set(KEPT_AT, Date.now());
  fresh.set(SIZE, body.size);
  const pages = await caches.open(PAGES + (whose || EVERYONE)), address = url.pathname + url.search;
  await pages.delete(address); // so that it becomes the last one
  await pages.put(address, new Response(body, { headers: fresh }));
  await trim();
}

// The oldest go first, over all caches of pages.
async function trim() {
  const found = [];
  for (const name of (await caches.keys()).filter((each) => each.startsWith(PAGES))) {
    const pages = await caches.open(name);
    for (const request of await pages.keys()) {
      const { headers } = await pages.match(request);
      found.push({ pages, request, at: Number(headers.get(KEPT_AT)), size: Number(headers.get(SIZE)) });
    }
  }
  found.sort((a, b) => b.at - a.at);
  let bytes = 0;
  for (const [n, { pages, request, at, size }] of found.entries()) {
    bytes += size;
    if (n >= MOST || bytes > BYTES || isOld(at)) await pages.delete(request);
  }
}

const isOld = (at) => Date.now() - at > DAYS * 24 * 3600 * 1000;

// The page as it was, saying since when. Its address, else the same form without what only one showing had.
async function kept(url) {
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES));
  for (const address of new Set([url.pathname + url.search, ...others(url)])) {
    for (const name of names) {
      const found = await (await caches.open(name)).match(address);
      const at = Number(found?.headers.get(KEPT_AT));
      if (!found || isOld(at)) continue;
      const text = await found.text();
      return new Response(text.replace("<body", `<body data-kept-at="${at}"`), { headers: found.headers });
    }
  }
  return undefined;
}

// A form with another city or milestone chosen is still the form: `kind` alone makes it another.
function others(url) {
  if (url.pathname === "/waiting/") return ["/waiting/"];
  if (url.pathname !== "/log/") return [];
  const kind = url.searchParams.get("kind");
  return kind ? [`/log/?kind=${kind}`] : ["/log/", "/log/?kind=status"];
}

// Fetched ahead, one after the other: the forms that must open without a connection.
async function warm(paths) {
  for (const path of paths) {
    const url = new URL(path, location.origin);
    if (url.origin === location.origin) await fetch(url).then((answer) => keep(url, answer)).catch(() => {});
  }
}
