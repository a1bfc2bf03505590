"use strict";
// Everything but the QR works without this file; it says whether the page is live, and speaks the headline where it changes.
const body = document.body;
const link = document.getElementById("link");
const said = document.getElementById("said");
const headline = () => document.getElementById("verdict")?.textContent.trim()
  ?? document.querySelector("#state [data-headline]")?.dataset.headline ?? "";
const AGAIN_MS = 3000;
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
  ticks?.close();  // one is made anew where the other was refused for good: a gateway with too many pages, or starting
  return ticks = new Ticks(url);
};

function tell(isLive) {
  const words = isLive ? body.dataset.live : body.dataset.away;
  link.hidden = false;
  if (link.textContent !== words) link.textContent = words;
  link.classList.toggle("away", !isLive);
}

body.addEventListener("htmx:sseOpen", () => tell(true));
body.addEventListener("htmx:sseError", () => tell(false));
body.addEventListener("htmx:afterSettle", () => {
  const now = headline();
  if (now !== heard) said.textContent = heard = now;
});

// The QR: asked for by no page that nobody looks at, and again where the gateway was away.
const isQr = (event) => event.detail.elt?.id === "qr";
const again = () => { if (document.getElementById("qr")) htmx.trigger("#qr", "again"); };
body.addEventListener("htmx:beforeRequest", (event) => { if (isQr(event) && document.hidden) event.preventDefault(); });
for (const ill of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  body.addEventListener(ill, (event) => { if (isQr(event)) setTimeout(again, AGAIN_MS); });
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });

// What a person opened stays open through a refresh.
body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "state" || !event.detail.target.querySelector("details[open]")) return;
  event.detail.serverResponse = event.detail.serverResponse.replace("<details>", "<details open>");
});
