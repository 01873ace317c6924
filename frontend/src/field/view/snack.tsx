/** What was just done, with a way back for some seconds. It stays where one goes meanwhile. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { undo, UNDO_SECONDS, written, type Recorded } from "../queue";
import { state } from "../state";
import { t } from "../words";
import { go } from "./parts";

interface Said {
  text: string;
  done?: Recorded | undefined;
}

let show: (said: Said | null) => void = () => undefined;
let early: Said | null = null; // said before there was a screen

export function say(text: string, done?: Recorded): void {
  early = { text, done };
  show(early);
}

export function Snack(): JSX.Element {
  const [said, setSaid] = useState<Said | null>(early);
  show = setSaid;
  if (!state.person && said) setSaid(null); // it may name what the next person must not read
  useEffect(() => {
    if (!said) return;
    const timer = window.setTimeout(() => setSaid(null), (said.done ? UNDO_SECONDS : 5) * 1000);
    return () => window.clearTimeout(timer);
  }, [said]);

  const back = async (done: Recorded): Promise<void> => {
    const taken = await undo(done);
    setSaid({ text: taken ? t(written(done) ? "undone" : "taken_back") : t("too_late") });
    if (taken && written(done)) go("/drafts");
  };

  const done = said?.done;
  return (
    <div class="f-snack" role="status" aria-live="polite">
      {said && (
        <div class="f-snack__in">
          <span>{said.text}</span>
          {done && (
            <button class="btn" type="button" onClick={() => void back(done)}>
              {t("undo")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
