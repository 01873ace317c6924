/** What was just done, with a way back for some seconds. It stays where one goes meanwhile. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { undo, UNDO_SECONDS, written, type Recorded } from "../queue";
import { t } from "../words";
import { go } from "./parts";

interface Said {
  text: string;
  done?: Recorded | undefined;
}

let show: (said: Said | null) => void = () => undefined;

export function say(text: string, done?: Recorded): void {
  show({ text, done });
}

export function Snack(): JSX.Element {
  const [said, setSaid] = useState<Said | null>(null);
  show = setSaid;
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
