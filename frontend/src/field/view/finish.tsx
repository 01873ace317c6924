/** Finishing a screen: what is under way is waited for, what is missing is said, what was written is put and kept. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { close, unclose, whole } from "../hand";
import { isFull } from "../photos";
import type { Draft } from "../shapes";
import { t } from "../words";
import type { Held } from "./draft";
import { Icon } from "./parts";

export type Errors = Record<string, string>;

export interface Finishing {
  errors: Errors;
  busy: boolean;
  failed: string;
  finish: (check: (draft: Draft) => Errors, put: (draft: Draft) => Promise<void>) => Promise<void>;
}

function focus(id: string): void {
  window.setTimeout(() => {
    const field = document.getElementById(id);
    (field?.matches("fieldset") ? field.querySelector<HTMLElement>("input") : field)?.focus();
  }, 0);
}

export function useFinish(held: Held | null): Finishing {
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");

  const finish: Finishing["finish"] = async (check, put) => {
    const hand = held?.hand;
    if (!hand || busy || hand.closed) return;
    setFailed("");
    setBusy(true);
    try {
      // A recording ends, photos become small: then all of it goes out as one.
      if (!(await whole(hand))) return setFailed(t("media_failed"));
      const wrong = check(hand.draft);
      setErrors(wrong);
      const first = Object.keys(wrong)[0];
      if (first) return focus(first);
      close(hand.draft.id);
      try {
        await put(hand.draft);
      } catch (error) {
        unclose(hand);
        setFailed(t(isFull(error) ? "store_full" : "not_put"));
      }
    } finally {
      setBusy(false);
    }
  };
  return { errors, busy, failed, finish };
}

interface ButtonProps {
  label: string;
  held: Held;
  finishing: Finishing;
  act: () => void;
}

/** The main button of a screen; while something is under way it says so. */
export function FinishButton({ label, held, finishing, act }: ButtonProps): JSX.Element {
  const waiting = finishing.busy && held.hand.jobs.size > 0;
  return (
    <button class="btn btn--primary btn--wide" type="button" disabled={finishing.busy} aria-busy={finishing.busy} onClick={act}>
      <Icon name="check" />
      {waiting ? t("media_wait") : label}
    </button>
  );
}
