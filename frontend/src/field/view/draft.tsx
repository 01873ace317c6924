/** A draft in hand: read when the screen opens, kept at every keystroke. */
import { useEffect, useRef, useState } from "preact/hooks";
import { find, isEmpty, keep } from "../drafts";
import type { Draft } from "../shapes";
import { changed } from "../state";
import * as store from "../store";

/** A change, or how to make it of the draft as it is then: what takes seconds (a photo) must not undo what was typed. */
export type Change = (change: Partial<Draft> | ((now: Draft) => Partial<Draft>)) => void;

/**
 * Returns the draft of this page and how to change it; null until it is read.
 *
 * @param id opens a kept draft; "" finds the one that was begun under `key`, or begins one.
 */
export function useDraft(kind: Draft["kind"], key: string, id: string, given: Partial<Draft>): [Draft | null, Change] {
  const [draft, setDraft] = useState<Draft | null>(null);
  const held = useRef<Draft | null>(null);
  useEffect(() => {
    let gone = false;
    const begin = async (): Promise<void> => {
      const kept = id ? (await store.drafts()).find((one) => one.id === id) : undefined;
      const found = kept ?? (await find(kind, key, given));
      if (!gone) {
        held.current = found;
        setDraft(found);
      }
    };
    void begin();
    return () => {
      gone = true;
      void changed(); // the list of drafts on other screens
    };
  }, [kind, key, id]);

  const change: Change = (part) => {
    if (!held.current) return;
    held.current = { ...held.current, ...(typeof part === "function" ? part(held.current) : part) };
    setDraft(held.current);
    if (!isEmpty(held.current) || held.current.updated) keep(held.current);
  };
  return [draft, change];
}
