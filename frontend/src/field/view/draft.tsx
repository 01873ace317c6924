/** A draft on the screen: in hand while it is shown, kept at every keystroke. */
import { useEffect, useState } from "preact/hooks";
import { alter, open, type Wanted } from "../drafts";
import { look, type Hand, type Part } from "../hand";
import type { Draft } from "../shapes";
import { changed } from "../state";

export type Change = (part: Part) => void;

export interface Held {
  hand: Hand;
  draft: Draft;
  change: Change;
}

/** Returns the draft of this page and how to change it; null until it is read. */
export function useDraft(kind: Wanted["kind"], key: string, id: string, given: Wanted["given"]): Held | null {
  const [hand, setHand] = useState<Hand | null>(null);
  const [, again] = useState(0);
  useEffect(() => {
    let end: (() => void) | null = null;
    let gone = false;
    void open({ kind, key, id, given }).then((found) => {
      end = look(found, () => again((n) => n + 1));
      if (gone) end();
      else setHand(found);
    });
    return () => {
      gone = true;
      end?.();
      void changed(); // the list of drafts on other screens
    };
  }, [kind, key, id]);
  return hand && { hand, draft: hand.draft, change: (part) => alter(hand, part) };
}
