/** Starts the field front. */
import { render } from "preact";
import { recover } from "./drafts";
import { finishLeaving } from "./leaving";
import { look, wear } from "./look";
import { rescue } from "./recordings";
import { askEarly, blankHouseholds, refresh, reread, set, state } from "./state";
import * as store from "./store";
import { send, watch } from "./sync";
import { t } from "./words";
import { App } from "./view/app";
import { say } from "./view/snack";

const KEPT_DAYS = 7;

async function begin(root: HTMLElement): Promise<void> {
  wear(look());
  const asked = askEarly();
  root.replaceChildren();
  render(<App />, root);
  try {
    await recover(); // before any screen reads a draft
    const spoken = await rescue();
    await store.sweep(KEPT_DAYS);
    await store.dropUnused();
    await reread();
    await blankHouseholds();
    if (spoken > 0) say(t("sound_rescued"));
  } catch {
    set({ ready: true, noStorage: true });
  }
  watch();
  window.setInterval(() => void blankHouseholds(), 10 * 60000);
  window.addEventListener("online", () => void meet());
  await meet(asked);
}

/** Meets the server: ends what was to be ended, reads the day, sends what waits. */
async function meet(asked?: ReturnType<typeof askEarly>): Promise<void> {
  if (await store.flag("leaving").catch(() => false)) asked = undefined; // of whoever is just leaving
  if (!(await finishLeaving())) return;
  await refresh(asked);
  if (state.person) send();
}

const root = document.getElementById("app");
if (root) {
  void begin(root);
  if ("serviceWorker" in navigator) {
    window.addEventListener("load", () => {
      void navigator.serviceWorker.register(root.dataset["worker"] ?? "/field/sw.js", { scope: "/field/" });
    });
  }
}
