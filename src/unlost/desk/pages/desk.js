"use strict";
// Keeps the page fresh and sends its forms: the server says that something changed, the page asks for its parts and
// puts in place what differs, so that a film goes on playing and a half-written answer stays.
const body = document.body;
const link = document.getElementById("link");
const bubbles = document.getElementById("bubbles");
const list = document.getElementById("list");
const compose = document.getElementById("compose");
const trouble = document.getElementById("trouble");
const drawn = new WeakMap(); // element -> the HTML it was made from
const shown = {};
const NEAR_END_PX = 80;
let asking = false;
let again = false;
let staysAtEnd = true;
let live;

function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    const seconds = time.closest("li") ? { second: "2-digit" } : {};
    time.textContent = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...seconds });
    time.title = at.toLocaleString();
  }
}

function remember(place) {
  for (const one of place.children) drawn.set(one, one.outerHTML);
}

function put(id, html) {
  if (shown[id] === html) return;
  shown[id] = html;
  const place = document.getElementById(id);
  const held = place.contains(document.activeElement) ? document.activeElement.textContent : null;
  place.innerHTML = html;
  if (held !== null) place.querySelector("button")?.focus();
}

function weave(place, html) {
  if (shown[place.id] === html) return;
  shown[place.id] = html;
  const made = document.createElement("template");
  made.innerHTML = html;
  const wanted = Array.from(made.content.children);
  const ids = new Set(wanted.map((one) => one.id));
  const held = place.contains(document.activeElement) ? document.activeElement.id : "";
  for (const old of Array.from(place.children)) if (!ids.has(old.id)) old.remove();
  let next = place.firstElementChild;
  for (const one of wanted) {
    const told = one.outerHTML;
    let kept = document.getElementById(one.id);
    if (!kept || drawn.get(kept) !== told) {
      drawn.set(one, told);
      localTimes(one);
      one.classList.toggle("fresh", !kept || kept.dataset.at !== one.dataset.at);
      if (kept === next) next = next?.nextElementSibling ?? null;
      kept?.remove();
      kept = one;
    }
    if (kept === next) next = next.nextElementSibling;
    else place.insertBefore(kept, next);
  }
  if (held && document.activeElement === body) document.getElementById(held)?.focus({ preventScroll: true });
}

function toEnd() {
  if (staysAtEnd) bubbles.scrollTop = bubbles.scrollHeight;
}

function place(parts) {
  put("totals", parts.totals);
  weave(list, parts.list);
  put("top", parts.top);
  weave(bubbles, parts.bubbles);
  toEnd();
}

function choose(id) {
  body.dataset.chosen = id;
  for (const field of document.getElementsByName("conversation")) field.value = id;
  compose.hidden = !id;
}

function past() {
  return body.dataset.before ? "&before=" + encodeURIComponent(body.dataset.before) : "";
}

async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const answer = await fetch("/desk/parts?c=" + encodeURIComponent(body.dataset.chosen) + past());
    if (answer.ok) {
      place(await answer.json());
      const first = list.querySelector(".card");
      if (!body.dataset.chosen && first) choose(first.id.slice(1));
      seen();
    }
  } catch { /* the live link says so, and asks again */ }
  asking = false;
  if (again) { again = false; refresh(); }
}

async function send(url, data) {
  try {
    const answer = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json" } });
    return answer.ok ? "" : (await answer.text()).slice(0, 400);
  } catch {
    return "The helpdesk does not answer. Look whether the message stands above before you send it again.";
  }
}

function seen() {
  const isRead = document.hidden || !bubbles.checkVisibility() || !list.querySelector(".card.chosen .count");
  if (!isRead) send("/desk/do/seen", new FormData(document.getElementById("deed")));
}

async function submit(event) {
  const form = event.target;
  const pressed = event.submitter;
  event.preventDefault();
  if (pressed?.dataset.ask && !confirm(pressed.dataset.ask)) return;
  const data = new FormData(form);
  if (pressed?.name) data.append(pressed.name, pressed.value);
  if (pressed) pressed.disabled = true;
  trouble.textContent = await send(pressed?.hasAttribute("formaction") ? pressed.formAction : form.action, data);
  if (pressed) pressed.disabled = false;
  if (form === compose && !trouble.textContent) written();
  refresh();
}

function written() {
  compose.content.value = "";
  compose["attachments[]"].value = "";
  filesChosen();
  answerTo("");
  grow();
  compose.content.focus();
  staysAtEnd = true;
}

function answerTo(id) {
  const answered = id && document.getElementById("m" + id);
  compose.in_reply_to.value = answered ? id : "";
  document.getElementById("replying").hidden = !answered;
  if (!answered) return;
  const name = answered.querySelector(".sender bdi") ?? document.querySelector("#top h2 bdi");
  const words = answered.querySelector("p") ?? answered.querySelector(".called");
  document.getElementById("reply-sender").textContent = name?.textContent ?? "";
  document.getElementById("reply-text").textContent = (words?.textContent ?? "").slice(0, 110);
  compose.content.focus();
  toEnd();
}

function filesChosen() {
  const files = Array.from(compose["attachments[]"].files, (one) => one.name);
  document.getElementById("chosen-files").textContent = files.length ? files.join(", ") : "Attach files";
}

function noteOrNot() {
  const isNote = compose.private.checked;
  compose.content.placeholder = isNote ? "Write a private note" : "Write to the customer";
  compose.querySelector(".send").textContent = isNote ? "Add note" : "Send";
}

function grow() {
  compose.content.style.height = "auto";
  compose.content.style.height = `${compose.content.scrollHeight + 2}px`;
  toEnd();
}

function clicked(event) {
  const reply = event.target.closest(".reply");
  const quote = event.target.closest(".quote");
  if (reply) {
    event.preventDefault();
    answerTo(reply.dataset.id);
  } else if (event.target.closest("#no-reply")) {
    event.preventDefault();
    answerTo("");
  } else if (quote) {
    event.preventDefault();
    const target = document.getElementById(quote.hash.slice(1));
    target?.scrollIntoView({ block: "center" });
    target?.classList.add("pointed");
    setTimeout(() => target?.classList.remove("pointed"), 1600);
  }
}

function typed(event) {
  const isTouched = matchMedia("(pointer: coarse)").matches; // there Enter is for a new line, as on every phone
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || isTouched) return;
  event.preventDefault();
  if (!compose.querySelector(".send").disabled) compose.requestSubmit(compose.querySelector(".send"));
}

function listen() {
  live = new EventSource("/desk/live");
  live.onmessage = () => { link.textContent = "live"; link.classList.remove("away"); refresh(); };
  live.onerror = () => {
    link.textContent = "away, trying again"; link.classList.add("away");
    if (live.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  };
}

// A browser has six connections for one host; a page out of sight keeps none of them.
function turned() {
  if (document.hidden) live.close();
  else if (live.readyState === EventSource.CLOSED) listen();
}

remember(list);
remember(bubbles);
localTimes(document);
document.addEventListener("submit", submit);
document.addEventListener("click", clicked);
document.addEventListener("visibilitychange", turned);
bubbles.addEventListener("scroll", () => {
  staysAtEnd = bubbles.scrollHeight - bubbles.scrollTop - bubbles.clientHeight < NEAR_END_PX;
});
bubbles.addEventListener("load", toEnd, true); // a picture or film that comes late makes its message taller
bubbles.addEventListener("loadedmetadata", toEnd, true);
compose.content.addEventListener("input", grow);
compose.content.addEventListener("keydown", typed);
compose.private.addEventListener("change", noteOrNot);
compose["attachments[]"].addEventListener("change", filesChosen);
noteOrNot();
toEnd();
listen();
