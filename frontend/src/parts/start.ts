import htmx from "htmx.org";
import { checkFiles, dropDraft, keepDraft, sayDay, sayWaiting } from "./forms";

// No eval, no inline style: the Content-Security-Policy refuses both.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.allowNestedOobSwaps = false;
// A refused form comes back as 422 with its errors beside the fields: show it like any answer.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "429", swap: true },
  { code: "[45]..", swap: false, error: true },
];

interface Behaviour {
  selector: string;
  begin: (element: HTMLElement) => void;
  begun: WeakSet<HTMLElement>;
}

const behaviours: Behaviour[] = [];

/** Gives every element that matches `selector` a behaviour, once, now and after every fragment swapped in. */
export function start<E extends HTMLElement>(selector: string, begin: (element: E) => void): void {
  behaviours.push({ selector, begin: begin as (element: HTMLElement) => void, begun: new WeakSet() });
}

function run(): void {
  for (const { selector, begin, begun } of behaviours) {
    document.querySelectorAll<HTMLElement>(selector).forEach((element) => {
      if (!begun.has(element)) {
        begun.add(element);
        begin(element);
      }
    });
  }
}

start("[data-draft-done]", dropDraft); // before a form of the same name asks for it
start("form[data-draft]", keepDraft);
start("form", sayWaiting);
start("[data-day-said]", sayDay);
start("input[type=file]", checkFiles);
start("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
start<HTMLSelectElement>("select[data-submit]", (select) => {
  select.addEventListener("change", () => select.form?.submit());
});

document.documentElement.classList.add("js");
document.addEventListener("DOMContentLoaded", run);
document.addEventListener("htmx:afterSettle", run);
