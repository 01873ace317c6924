/** Photos and voice notes of a draft, waiting on the phone. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { keepPhoto, MOST_PHOTOS } from "../photos";
import { canRecord, keepSound, record, type Recording } from "../sounds";
import { state } from "../state";
import * as store from "../store";
import { t } from "../words";
import { Icon } from "./parts";

/** The address of a kept file, for as long as the screen shows it. */
function useKept(id: string): string {
  const [url, setUrl] = useState("");
  useEffect(() => {
    let made = "";
    let gone = false;
    void store.file(id).then((kept) => {
      if (!kept || gone) return;
      made = URL.createObjectURL(new Blob([kept.bytes], { type: kept.type }));
      setUrl(made);
    });
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [id]);
  return url;
}

interface ListProps {
  ids: string[];
  set: (ids: string[]) => void;
}

export function Photos({ id, ids, set, tag = "scene", least = 0 }: ListProps & { id: string; tag?: string; least?: number }): JSX.Element {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const choose = async (input: HTMLInputElement): Promise<void> => {
    setProblem("");
    setBusy(true);
    const kept = [...ids];
    for (const file of Array.from(input.files ?? []).slice(0, MOST_PHOTOS - ids.length)) {
      try {
        kept.push(await keepPhoto(file, state.person?.id ?? "", tag));
        set([...kept]);
      } catch (error) {
        setProblem(error instanceof Error ? error.message : String(error));
      }
    }
    input.value = "";
    setBusy(false);
  };
  return (
    <div class="field">
      <span class="field__label" id={`${id}-label`}>
        {least ? t("photos_least", { n: least }) : t("photos", { n: MOST_PHOTOS })}
      </span>
      {ids.length > 0 && (
        <ul class="f-photos">
          {ids.map((one, n) => (
            <Photo key={one} id={one} n={n + 1} drop={() => set(ids.filter((other) => other !== one))} />
          ))}
        </ul>
      )}
      {ids.length < MOST_PHOTOS && (
        <label class={`btn btn--wide f-file${busy ? " is-busy" : ""}`}>
          <Icon name="photo" />
          <span>{t("add_photo")}</span>
          <input id={id} type="file" accept="image/*" multiple onChange={(event) => void choose(event.currentTarget)} />
        </label>
      )}
      {problem && (
        <p class="field__error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function Photo({ id, n, drop }: { id: string; n: number; drop: () => void }): JSX.Element {
  const url = useKept(id);
  return (
    <li>
      {url && <img src={url} alt={t("photo_n", { n })} />}
      <button type="button" class="f-drop" aria-label={t("remove_photo", { n })} onClick={drop}>
        <Icon name="cross" />
      </button>
    </li>
  );
}

export function Sounds({ ids, set }: ListProps): JSX.Element {
  const [running, setRunning] = useState<Recording | null>(null);
  const [seconds, setSeconds] = useState(0);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    if (!running) return;
    const begun = Date.now();
    const timer = window.setInterval(() => setSeconds(Math.round((Date.now() - begun) / 1000)), 500);
    return () => window.clearInterval(timer);
  }, [running]);
  useEffect(() => () => running?.stop(), [running]);

  const take = async (blob: Blob): Promise<void> => {
    try {
      set([...ids, await keepSound(blob, state.person?.id ?? "")]);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const toggle = async (): Promise<void> => {
    setProblem("");
    if (running) return running.stop();
    try {
      const begun = await record();
      setSeconds(0);
      setRunning(begun);
      const blob = await begun.done;
      setRunning(null);
      await take(blob);
    } catch (error) {
      setRunning(null);
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div class="field">
      <span class="field__label">
        {t("sound")}
        {t("optional")}
      </span>
      {ids.length > 0 && (
        <ul class="f-sounds">
          {ids.map((one, n) => (
            <Sound key={one} id={one} n={n + 1} drop={() => set(ids.filter((other) => other !== one))} />
          ))}
        </ul>
      )}
      <div class="f-two">
        {canRecord() && (
          <button type="button" class={`btn${running ? " is-running" : ""}`} aria-pressed={Boolean(running)} onClick={() => void toggle()}>
            <Icon name="voice" />
            {running ? t("recording", { s: seconds }) : t("record_sound")}
          </button>
        )}
        {!running && (
          <label class="btn f-file">
            <Icon name="file" />
            <span>{t("choose_sound")}</span>
            <input
              type="file"
              accept="audio/*"
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                if (file) void take(file);
                event.currentTarget.value = "";
              }}
            />
          </label>
        )}
      </div>
      {problem && (
        <p class="field__error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function Sound({ id, n, drop }: { id: string; n: number; drop: () => void }): JSX.Element {
  const url = useKept(id);
  return (
    <li>
      {url && <audio controls src={url} aria-label={t("sound_n", { n })} />}
      <button type="button" class="f-drop" aria-label={t("remove_sound", { n })} onClick={drop}>
        <Icon name="cross" />
      </button>
    </li>
  );
}
