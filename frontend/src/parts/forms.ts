/** Small helps for forms. Every one of them is a help only: the page works when none of this runs. */

const DRAFT_DAYS = 14;

interface Draft {
  at: number;
  values: Record<string, string>;
}

function draftKey(form: HTMLFormElement): string | null {
  const name = form.dataset["draft"];
  return name ? `bihuan-draft:${name}` : null;
}

function read(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
    return draft && Date.now() - draft.at < DRAFT_DAYS * 86400000 ? draft : null;
  } catch {
    return null; // private windows refuse storage: then there is no draft, and nothing else changes
  }
}

/** Keeps what is typed into `<form data-draft="name">` on this device until it is sent, for up to 14 days. */
export function keepDraft(form: HTMLFormElement): void {
  const key = draftKey(form);
  if (!key) {
    return;
  }
  const fields = Array.from(
    form.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>("textarea[name], input[type=text][name]"),
  );
  const draft = read(key);
  for (const field of fields) {
    const kept = draft?.values[field.name];
    if (kept && !field.value) {
      field.value = kept;
      form.querySelector<HTMLElement>("[data-draft-note]")?.removeAttribute("hidden");
    }
  }
  form.addEventListener("input", () => {
    const values: Record<string, string> = {};
    for (const field of fields) {
      if (field.value) {
        values[field.name] = field.value;
      }
    }
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), values } satisfies Draft));
    } catch {
      /* no storage: nothing kept */
    }
  });
}

/** A page that carries `data-draft-done="name"` says that the server has it: the draft goes. */
export function dropDraft(element: HTMLElement): void {
  try {
    localStorage.removeItem(`bihuan-draft:${element.dataset["draftDone"] ?? ""}`);
  } catch {
    /* no storage */
  }
}

/** While a form is being sent its button says so and does not send twice. */
export function sayWaiting(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) {
      return;
    }
    const button = (event as SubmitEvent).submitter ?? form.querySelector<HTMLElement>(".btn--primary");
    const waiting = button?.dataset["waiting"];
    if (!(button instanceof HTMLButtonElement) || !waiting) {
      return;
    }
    const said = button.textContent;
    window.setTimeout(() => {
      button.setAttribute("aria-disabled", "true");
      button.textContent = waiting;
    }, 0);
    window.addEventListener("pageshow", () => {
      button.removeAttribute("aria-disabled");
      button.textContent = said;
    });
  });
}

/** `<input type=file data-max-count data-max-bytes data-said="…">`: says at once what the server would refuse. */
export function checkFiles(input: HTMLInputElement): void {
  input.addEventListener("change", () => {
    const files = Array.from(input.files ?? []);
    const most = Number(input.dataset["maxCount"] ?? "99");
    const bytes = Number(input.dataset["maxBytes"] ?? "0");
    const bad = files.length > most || files.some((file) => bytes > 0 && file.size > bytes);
    input.setCustomValidity(bad ? (input.dataset["said"] ?? "") : "");
    input.reportValidity();
  });
}
