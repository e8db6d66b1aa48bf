// A form that takes a while: says so, and is not sent twice. The server would make one job of it all the same.
"use strict";

for (const form of document.querySelectorAll("form[data-sends-once]")) {
  const said = form.querySelector("[data-sending]");
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    said.hidden = false;
    form.querySelector("button[type=submit]").setAttribute("aria-disabled", "true");
  });
  // Back from the next page: the form may be used again.
  window.addEventListener("pageshow", () => {
    delete form.dataset.sent;
    said.hidden = true;
    form.querySelector("button[type=submit]").removeAttribute("aria-disabled");
  });
}
