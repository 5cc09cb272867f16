// Everything works without this file; it saves a page load here and there.
const base = document.querySelector('meta[name="base"]')?.content ?? "";
const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
/** In the language of the page. */
const words = JSON.parse(document.querySelector('meta[name="words"]')?.content ?? "{}");
const live = document.getElementById("live");
const say = (text) => live && (live.textContent = text);

// Light or dark, kept on this device.
for (const button of document.querySelectorAll("[data-theme-toggle]"))
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
    say(dark ? words.lightTheme : words.darkTheme);
  });

// Times are in UTC; with script, the reader's own time comes first and UTC stays beside it. English times have the form of
// ISO 8601, which is how Swedish writes them.
const { lang } = document.documentElement;
const dateLocale = lang === "en" ? "sv" : lang;
const DAY = { year: "numeric", month: "2-digit", day: "2-digit" };
const dayForm = new Intl.DateTimeFormat(dateLocale, DAY);
const timeForm = new Intl.DateTimeFormat(dateLocale, { ...DAY, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const localise = () => {
  for (const time of document.querySelectorAll("time[datetime]:not([data-local])")) {
    time.dataset.local = "";
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime()) || at.getTimezoneOffset() === 0) continue;
    const day = dayForm.format(at);
    const utc = document.createElement("small");
    utc.className = "utc";
    const said = time.textContent.trim();
    utc.textContent = said.startsWith(day) ? said.slice(day.length).replace(/^[, ]+/, "") : said;
    time.replaceChildren(`${timeForm.format(at)} `, utc);
  }
};
localise();
new MutationObserver(localise).observe(document.body, { childList: true, subtree: true });

// A link from another site arrives without the session's strict cookie: ask again from here.
const resume = document.querySelector("[data-resume]");
if (resume)
  fetch(`${base}/session`)
    .then((answer) => answer.json())
    .then(({ signedIn }) => signedIn && location.replace(resume.dataset.resume))
    .catch(() => {});

// "/" goes to the search box, as elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
  const find = document.querySelector("[data-find]");
  if (!find) return;
  event.preventDefault();
  find.focus();
  find.select();
});

// Empty fields stay out of the URL.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "get") return;
  for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
  addEventListener("pageshow", () => {
    for (const field of event.target.elements) field.disabled = false;
  });
});

// A date is typed as YYYY-MM-DD, whatever the browser's language, or picked.
for (const field of document.querySelectorAll("[data-date]")) {
  const place = document.createElement("div");
  place.className = "picked";
  const picker = document.createElement("input");
  picker.type = "date";
  picker.tabIndex = -1;
  picker.setAttribute("aria-hidden", "true");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "▾";
  button.setAttribute("aria-label", [words.pickDay, field.labels?.[0]?.textContent].filter(Boolean).join(": "));
  button.addEventListener("click", () => {
    picker.value = field.value;
    picker.showPicker();
  });
  picker.addEventListener("change", () => (field.value = picker.value));
  field.replaceWith(place);
  place.append(field, button, picker);
}

// On a phone the navigation scrolls: the current page is in it.
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Asks before what cannot be undone.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

const load = async (url) => {
  const answer = await fetch(url, { headers: { accept: "text/html" } });
  if (answer.redirected || !answer.ok) throw new Error(`${answer.status}`);
  return answer.text();
};

// Parts that take longer come after the page. The server escapes them like every page.
const fill = async (place, url) => {
  place.setAttribute("aria-busy", "true");
  try {
    const part = await load(url);
    // The same again must not be read out, nor close what somebody has opened.
    if (part !== place.part) place.innerHTML = place.part = part;
  } catch {
    // The link inside still leads there.
  }
  place.removeAttribute("aria-busy");
  const refined = place.querySelector("[data-refine]")?.href;
  if (refined && refined !== url) void fill(place, refined);
  const { loadAgain } = place.dataset;
  if (loadAgain && place.querySelector("[data-again]"))
    setTimeout(() => whenSeen(() => fill(place, url)), loadAgain * 1000);
};
const whenSeen = (work) =>
  document.hidden ? document.addEventListener("visibilitychange", work, { once: true }) : work();
for (const place of document.querySelectorAll("[data-load]")) void fill(place, place.dataset.load);
for (const place of document.querySelectorAll("[data-load-open]"))
  place.closest("details").addEventListener("toggle", () => void fill(place, place.dataset.loadOpen), { once: true });

// Details open over the list; the address bar follows, so that it can be shared and "back" closes it.
let dialog = null;
const closeDialog = () => dialog?.close();
const openDialog = async (href, push) => {
  let body;
  try {
    body = await load(`${href}?part=dialog`);
  } catch {
    location.assign(href);
    return;
  }
  dialog?.remove();
  dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.innerHTML = `<div class="dialog-head"><h2 id="dialog-title" class="break"></h2><div class="actions"><a class="button small"></a><button type="button" class="small" data-close></button></div></div><div class="dialog-body">${body}</div>`;
  dialog.querySelector("h2").textContent = dialog.querySelector("[data-event-title]")?.dataset.eventTitle ?? "";
  const asPage = dialog.querySelector(".dialog-head a");
  asPage.href = href;
  asPage.textContent = words.openAsPage;
  dialog.querySelector("[data-close]").textContent = words.close;
  dialog.addEventListener("close", () => {
    dialog?.remove();
    dialog = null;
    if (history.state?.dialog) history.back();
  });
  document.body.append(dialog);
  dialog.showModal();
  if (push) history.pushState({ dialog: true }, "", href);
};
addEventListener("popstate", closeDialog);
document.addEventListener("click", (event) => {
  const { target } = event;
  if (target === dialog || target.closest?.("[data-close]")) return closeDialog();
  const link = target.closest?.("a[data-dialog]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return undefined;
  event.preventDefault();
  return void openDialog(link.href, true);
});

const copy = async (button) => {
  const label = button.lastChild;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = words.copied;
    say(words.copied);
  } catch {
    label.textContent = words.copyRefused;
  }
  setTimeout(() => (label.textContent = before), 2000);
};
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) void copy(button);
});

// A chosen file lands in the text area, where it can be looked at before it is sent.
const readInto = async (input) => {
  const area = document.getElementById(input.dataset.into);
  if (input.files?.[0] && area) area.value = await input.files[0].text();
};
for (const input of document.querySelectorAll("input[data-into]"))
  input.addEventListener("change", () => void readInto(input));

// Forms whose answer is shown as one types.
for (const form of document.querySelectorAll("form[data-live]")) {
  const place = document.getElementById(form.dataset.live);
  let timer = 0;
  let latest = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const turn = (latest += 1);
      const fields = new URLSearchParams(new FormData(form));
      try {
        const answer = await fetch(form.dataset.liveUrl, {
          method: "POST",
          headers: { "x-csrf-token": csrf, accept: "text/html" },
          body: fields,
        });
        const text = await answer.text();
        if (turn === latest && answer.ok) place.innerHTML = text;
      } catch {
        // The form's button still works.
      }
    }, 250);
  });
}

// Server-sent events: each replaces the element whose id it names.
for (const place of document.querySelectorAll("[data-stream]")) {
  const source = new EventSource(place.dataset.stream);
  source.addEventListener("part", ({ data }) => {
    const { id, html } = JSON.parse(data);
    const part = document.getElementById(id);
    if (part) part.innerHTML = html;
  });
  source.addEventListener("end", () => source.close());
}
