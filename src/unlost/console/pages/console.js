"use strict";
// Everything works without this file; it says whether the page is live, and speaks the headline where it changes.
const body = document.body;
const link = document.getElementById("link");
const said = document.getElementById("said");
const headline = () => document.getElementById("verdict")?.textContent.trim() ?? "";
let heard = headline();

// A page that nobody looks at lets its stream go: browsers allow six connections to one place, and a phone has a battery.
class Ticks extends EventTarget {
  constructor(url) {
    super();
    this.url = url;
    this.heed = () => { if (document.hidden) this.source.close(); else this.open(); };
    document.addEventListener("visibilitychange", this.heed);
    this.open();
  }

  open() {
    this.source?.close();
    this.source = new EventSource(this.url);
    this.source.onopen = (event) => this.onopen?.(event);
    this.source.onerror = (event) => this.onerror?.(event);
    this.source.addEventListener("tick", (event) => this.dispatchEvent(new MessageEvent("tick", { data: event.data })));
  }

  close() {
    document.removeEventListener("visibilitychange", this.heed);
    this.source.close();
  }

  get readyState() { return this.source.readyState; }
}
let ticks;
htmx.createEventSource = (url) => {
  ticks?.close();  // one is made anew where the other was refused for good: a bridge with too many pages, or starting
  return ticks = new Ticks(url);
};

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
