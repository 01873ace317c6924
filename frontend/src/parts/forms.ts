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

const ZH_DAYS = "日一二三四五六";

/** `<output data-day-said for="id">`: says in full which day a date field holds, whatever the browser's language. */
export function sayDay(output: HTMLElement): void {
  const input = document.getElementById(output.getAttribute("for") ?? "");
  if (!(input instanceof HTMLInputElement)) {
    return;
  }
  const say = (): void => {
    const [day = "", time = ""] = input.value.split("T");
    const [year, month, date] = day.split("-").map(Number);
    if (!year || !month || !date) {
      output.textContent = "";
      return;
    }
    const at = new Date(year, month - 1, date);
    const said = document.documentElement.lang.startsWith("zh")
      ? `${year}年${month}月${date}日 周${ZH_DAYS.charAt(at.getDay())}`
      : `${at.toLocaleDateString("en-GB", { weekday: "short" })} ${date} ${at.toLocaleDateString("en-GB", { month: "short" }).slice(0, 3)} ${year}`;
    output.textContent = time ? `${said} ${time.slice(0, 5)}` : said;
  };
  input.addEventListener("input", say);
  say(); // a draft, or the browser itself, may have put a value back
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
