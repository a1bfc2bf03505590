"use strict";
// Everything works without this file; it says whether the page is live, and speaks the headline where it changes.
const body = document.body;
const link = document.getElementById("link");
const said = document.getElementById("said");
const headline = () => document.getElementById("verdict")?.textContent.trim() ?? "";
let heard = headline();

function tell(isLive) {
  if (!link) return;
  const words = isLive ? body.dataset.live : body.dataset.away;
  link.hidden = false;
  if (link.textContent !== words) link.textContent = words;
  link.classList.toggle("away", !isLive);
}

body.addEventListener("htmx:sseOpen", () => tell(true));
body.addEventListener("htmx:sseError", () => tell(false));
body.addEventListener("htmx:afterSettle", () => {
  const now = headline();
  if (said && now !== heard) said.textContent = heard = now;
  const changed = document.getElementById("changed");
  const total = document.getElementById("dead-total");
  if (changed && total) changed.hidden = total.textContent.trim() === changed.dataset.shown;
});

const every = document.getElementById("every");
if (every) {
  const ticks = Array.from(document.querySelectorAll('input[name="id"]'));
  document.getElementById("all").hidden = false;
  every.addEventListener("change", () => { for (const tick of ticks) tick.checked = every.checked; });
  for (const tick of ticks) {
    tick.addEventListener("change", () => {
      const chosen = ticks.filter((one) => one.checked).length;
      every.checked = chosen === ticks.length;
      every.indeterminate = chosen > 0 && chosen < ticks.length;
    });
  }
}
