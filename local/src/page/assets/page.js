// Comfort only. Everything works without this script: it saves reloading the page, and keeps what is in the password
// fields, which the server never sends back.
"use strict";

const SECRETS = 'input[type="password"]';

/** Puts the new page's content in the place of the old one. */
function show(text, url) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const secrets = new Map([...document.querySelectorAll(SECRETS)].map((field) => [field.name, field.value]));
  const scrolled = window.scrollY;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  document.title = page.title;
  for (const field of document.querySelectorAll(SECRETS)) {
    field.value = secrets.get(field.name) ?? "";
  }
  window.scrollTo(0, scrolled);
  prepare();
  const outcome = document.querySelector("#outcome");
  if (url.hash && outcome?.firstElementChild) {
    outcome.focus({ preventScroll: true });
    outcome.scrollIntoView({ block: "nearest" });
  }
}

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.action, { method: "POST", body });
  return answer.text();
}

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (form.id !== "form" || submitter?.dataset.download !== undefined) {
    return;
  }
  event.preventDefault();
  const main = document.querySelector("main");
  main.setAttribute("aria-busy", "true");
  try {
    const kept = submitter?.dataset.add;
    show(await send(form, submitter), kept ? new URL("/", location) : new URL(form.action));
    if (kept) {
      const rows = document.getElementById(kept)?.querySelectorAll(".row");
      rows?.[rows.length - 1]?.querySelector("input, textarea")?.focus();
    }
  } catch {
    const note = document.createElement("p");
    note.className = "problem";
    note.textContent = "The server does not answer. Is `cargo run -- serve` still running?";
    document.querySelector("#outcome").replaceChildren(note);
  } finally {
    main.removeAttribute("aria-busy");
  }
});

let latest = 0;

// Another region or identity has other tables.
document.addEventListener("change", async (event) => {
  const { name, form } = event.target;
  const decides = name === "awsRegion" || name === "awsRegion.other" || name?.startsWith("connection.");
  if (!decides || !form?.querySelector("[data-reloads]")) {
    return;
  }
  const body = new URLSearchParams(new FormData(form));
  body.set("page.do", "lists");
  latest += 1;
  const own = latest;
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // An answer to an older choice may come later.
    if (own !== latest) {
      return;
    }
    for (const list of form.querySelectorAll("[data-reloads]")) {
      list.closest(".field")?.replaceWith(page.getElementById(list.id).closest(".field"));
    }
  } catch {
    // The old list stays.
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) {
    return;
  }
  const text = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(text);
    button.textContent = "Selected: press Ctrl+C";
  }
  setTimeout(() => (button.textContent = label), 2000);
});

// The list shrinks while the user types.
document.addEventListener("input", (event) => {
  if (event.target.id !== "search") {
    return;
  }
  const words = event.target.value.toLowerCase().split(/\s+/);
  let found = 0;
  for (const item of document.querySelectorAll(".functions li")) {
    item.hidden = !words.every((word) => item.dataset.words.includes(word));
    found += item.hidden ? 0 : 1;
  }
  document.querySelector(".nothing").hidden = found > 0;
});

/** Puts the cursor at a fault in JSON, and shows the buttons that need this script. */
function prepare() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
  }
  const editor = document.querySelector("textarea[data-line]");
  if (editor) {
    const line = Number(editor.dataset.line);
    const lines = editor.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    // The column counts bytes.
    const bytes = new TextEncoder().encode(lines[line - 1] ?? "").slice(0, Number(editor.dataset.column) - 1);
    const place = start + new TextDecoder().decode(bytes).length;
    editor.setSelectionRange(place, place + 1);
  }
}

prepare();
