// "Copy as Python" and "Copy as R": the code behind the link goes to the clipboard. Without this script, or where the
// browser refuses, the link opens the code as text.
"use strict";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy-code]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || !navigator.clipboard) return;
  event.preventDefault();
  const said = link.parentElement.querySelector("[data-copied]");
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    await navigator.clipboard.writeText(await answer.text());
    said.textContent = `${link.textContent.replace("Copy as ", "")} code copied`;
  } catch {
    window.location.assign(link.href);
  }
});
