// Small helpers. Every page works without this file; it adds keys, the Show button and the autosave status.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("has-script");
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const one = (selector) => document.querySelector(selector);
  const words = { show: root.dataset.show || "Show", hide: root.dataset.hide || "Hide" };

  // --- errors: move to the summary, as a screen reader would miss it otherwise
  one("[data-error-summary]")?.focus();

  // --- passwords: a Show button, made here because it does nothing without script
  for (const field of all("input[type=password]")) {
    let group = field.closest(".input-group");
    if (!group) {
      group = document.createElement("div");
      group.className = "input-group";
      field.replaceWith(group);
      group.append(field);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = words.show;
    button.setAttribute("aria-controls", field.id);
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.textContent = shown ? words.hide : words.show;
      button.setAttribute("aria-pressed", String(shown));
    });
    field.form?.addEventListener("submit", () => { field.type = "password"; });
    group.append(button);
  }

  // --- passkeys: allauth reports a failure as an event only; say it on the page
  document.addEventListener("allauth.error", (event) => {
    const place = one("[data-passkey-error]");
    if (place) { event.preventDefault(); place.hidden = false; }
  });

  // --- words to copy letter by letter: a button, made here because it does nothing without script
  for (const words of all("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm act";
    button.textContent = root.dataset.copy || "Copy";
    button.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(words.textContent); button.textContent = root.dataset.copied || "Copied"; }
      catch { getSelection().selectAllChildren(words); }
    });
    words.after(button);
  }

  // --- the person's menu closes on Escape and on a click elsewhere
  const menu = one("[data-menu]");
  document.addEventListener("click", (event) => { if (menu && !menu.contains(event.target)) menu.open = false; });

  // --- autosave: say when it was saved, and say it when the connection is lost
  const status = one("[data-autosave-status]");
  const say = (text, lost) => {
    if (!status) return;
    status.textContent = text;
    status.classList.toggle("is-lost", lost);
  };
  const isAutosave = (event) => event.detail.elt.closest("[data-autosave]");
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isAutosave(event)) return;
    if (!event.detail.successful) { say(status?.dataset.lost || "Not saved: reload before you go on", true); return; }
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    say(`${status?.dataset.saved || "Saved"} ${time}`, false);
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (isAutosave(event)) say(status?.dataset.offline || "Not saved: no connection", true);
  });

  // --- a clause that a finding cites: move the text beside it, and fetch the other document when it is not open
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-beside]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const place = () => document.getElementById(link.hash.slice(1));
    const show = () => { if (location.hash === link.hash) place()?.scrollIntoView(); else location.hash = link.hash; };
    if (place()) { show(); return; }
    window.htmx.ajax("GET", link.href, { source: link, target: "#licence", select: "#licence", swap: "outerHTML show:none" }).then(show);
  });

  // --- a part of a page that answers from elsewhere is the sign-in page: go there whole, and come back here
  document.addEventListener("htmx:beforeSwap", (event) => {
    const asked = new URL(event.detail.pathInfo.requestPath, location.href);
    const answered = new URL(event.detail.xhr.responseURL || asked);
    if (answered.pathname === asked.pathname) return;
    event.detail.shouldSwap = false;
    location.assign(asked);
  });

  // --- keys (WCAG 2.1.4: they can be turned off, and rest while typing). No key signs anything.
  const dialog = one("[data-keys]");
  const choice = one("[data-keys-on]");
  const remembered = "single-key-shortcuts";
  let keysOn = true;
  try { keysOn = localStorage.getItem(remembered) !== "off"; } catch { /* a browser that keeps nothing */ }
  if (choice) {
    choice.checked = keysOn;
    choice.addEventListener("change", () => {
      keysOn = choice.checked;
      try { localStorage.setItem(remembered, keysOn ? "on" : "off"); } catch { /* as above: for this page only */ }
    });
  }
  const showKeys = () => dialog?.showModal();
  for (const button of all("[data-show-keys]")) button.addEventListener("click", () => { if (menu) menu.open = false; showKeys(); });

  const walk = (selector, step) => {
    const stops = all(selector).filter((stop) => stop.getClientRects().length);
    if (!stops.length) return;
    const here = stops.findIndex((stop) => stop.classList.contains("is-here"));
    const next = here < 0 ? (step > 0 ? 0 : stops.length - 1) : (here + step + stops.length) % stops.length;
    stops[here]?.classList.remove("is-here");
    const stop = stops[next];
    stop.classList.add("is-here");
    if (stop.tagName === "DETAILS") stop.open = true;
    const target = stop.tagName === "DETAILS" ? stop.querySelector("summary") : stop;
    if (!target.hasAttribute("tabindex") && target.tagName !== "SUMMARY") target.tabIndex = -1;
    target.focus({ preventScroll: true });
    stop.scrollIntoView({ block: stop.tagName === "DETAILS" ? "start" : "center" });
  };
  const keys = {
    "/": () => { const field = one("[data-search]"); if (field?.getClientRects().length) { field.focus(); field.select(); } },
    "?": showKeys,
    n: () => walk("[data-open-check]", 1),
    p: () => walk("[data-open-check]", -1),
    j: () => walk("[data-change]", 1),
    k: () => walk("[data-change]", -1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu?.open) { menu.open = false; menu.querySelector("summary").focus(); return; }
    const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (typing || !keysOn || dialog?.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
