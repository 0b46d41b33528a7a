// Keeps the long texts that somebody types until they are sent, so that a visit that ends or a page that is left by
// mistake costs no words. They stay in this tab of this browser, belong to one person, and go when that person signs
// out. Fields with data-no-draft are never kept.
"use strict";
(() => {
  const PREFIX = "draft:";
  let kept;
  try { kept = window.sessionStorage; kept.getItem(PREFIX); } catch { return; } // a browser that keeps nothing
  const names = () => Object.keys(kept).filter((name) => name.startsWith(PREFIX));
  const get = (name) => { try { return JSON.parse(kept.getItem(name)); } catch { return null; } };
  const put = (name, draft) => { try { kept.setItem(name, JSON.stringify(draft)); } catch { /* full: not kept */ } };

  // --- what was sent was not taken when the sign-in page or an error follows, or the form again with what is wrong
  const person = document.body.dataset.person;
  const refused = !person || Boolean(document.querySelector("[data-error-summary]"));
  if (refused) for (const name of names()) put(name, { ...get(name), sent: false });
  if (!person) return;
  // --- what was taken, and what is another person's, is done with
  for (const name of names()) {
    const draft = get(name);
    if (!draft || draft.sent || draft.person !== person) kept.removeItem(name);
  }

  const addressOf = (form) => new URL(form.getAttribute("action") || location.pathname, location.href).pathname;
  const nameOf = (field) => `${PREFIX}${addressOf(field.form)} ${field.name}`;
  const fields = () => Array.from(document.querySelectorAll("form[method=post] textarea[name]:not([data-no-draft])"));
  for (const field of fields()) {
    const draft = get(nameOf(field));
    if (!draft || refused) continue; // a refused form comes back with what was typed
    // Only over the text that it was typed over: a colleague may have saved another one since.
    if (draft.over !== field.defaultValue || draft.text === field.value) { kept.removeItem(nameOf(field)); continue; }
    field.value = draft.text;
    for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    const note = document.createElement("p");
    note.className = "form-text draft-note";
    note.setAttribute("role", "status");
    note.textContent = document.body.dataset.draftRestored;
    field.after(note);
  }
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("form[method=post] textarea[name]:not([data-no-draft])")) return;
    const over = get(nameOf(field))?.over ?? field.defaultValue;
    if (field.value === over) kept.removeItem(nameOf(field));
    else put(nameOf(field), { person, text: field.value, over, sent: false });
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-sign-out]")) { for (const name of names()) kept.removeItem(name); return; }
    for (const field of fields().filter((one) => one.form === form)) {
      const draft = get(nameOf(field));
      if (draft) put(nameOf(field), { ...draft, sent: true });
    }
  });
})();
