"use strict";
// Keeps the page fresh: the server says that something changed, the page asks for its parts and puts them in place.
const body = document.body;
const link = document.getElementById("link");
let asking = false;
let again = false;

function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    const seconds = time.closest("#bubbles") ? { second: "2-digit" } : {};
    time.textContent = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...seconds });
    time.title = at.toLocaleString();
  }
}

const shown = {};

function put(id, html) {
  if (shown[id] === html) return false;
  shown[id] = html;
  const place = document.getElementById(id);
  place.innerHTML = html;
  localTimes(place);
  return true;
}

function toEnd() {
  const bubbles = document.getElementById("bubbles");
  if (bubbles) bubbles.scrollTop = bubbles.scrollHeight;
}

function place(parts) {
  const bubbles = document.getElementById("bubbles");
  const atEnd = !bubbles || bubbles.scrollHeight - bubbles.scrollTop - bubbles.clientHeight < 80;
  const scrolled = bubbles ? bubbles.scrollTop : 0;
  const known = new Set(Array.from(document.querySelectorAll("#bubbles li"), (one) => one.id));
  const seen = new Map(Array.from(document.querySelectorAll(".card"), (one) => [one.dataset.id, one.dataset.at]));
  put("totals", parts.totals);
  if (put("list", parts.list)) {
    for (const card of document.querySelectorAll(".card")) {
      card.classList.toggle("fresh", seen.get(card.dataset.id) !== card.dataset.at);
    }
  }
  if (put("thread", parts.thread)) {
    for (const one of document.querySelectorAll("#bubbles li")) one.classList.toggle("fresh", !known.has(one.id));
    if (atEnd) toEnd();
    else document.getElementById("bubbles").scrollTop = scrolled;
  }
}

async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const answer = await fetch("/desk/parts?c=" + encodeURIComponent(body.dataset.chosen));
    if (answer.ok) {
      const parts = await answer.json();
      place(parts);
      const first = document.querySelector(".card");
      if (!body.dataset.chosen && first) body.dataset.chosen = first.dataset.id;
    }
  } catch { /* the live link says so, and asks again */ }
  asking = false;
  if (again) { again = false; refresh(); }
}

const live = new EventSource("/desk/live");
live.onmessage = () => { link.textContent = "live"; link.classList.remove("away"); refresh(); };
live.onerror = () => {
  link.textContent = "away, trying again"; link.classList.add("away");
  if (live.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
};
localTimes(document);
toEnd();
