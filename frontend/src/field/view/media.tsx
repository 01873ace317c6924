/** Photos and voice notes of a draft, waiting on the phone. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { dropFiles } from "../drafts";
import { during, type Hand } from "../hand";
import { keepPhoto, MOST_PHOTOS } from "../photos";
import { begin, canRecord, type Running } from "../recordings";
import { keepSound } from "../sounds";
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

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface ListProps {
  hand: Hand;
  ids: string[];
  /** Changes the list as it is then, not as it was when something was begun. */
  put: (how: (ids: string[]) => string[]) => void;
}

function takeOff(id: string, put: ListProps["put"]): void {
  put((now) => now.filter((other) => other !== id));
  void dropFiles([id]);
}

interface PhotosProps extends ListProps {
  id: string;
  tag?: string;
  label?: string;
  least?: number;
  /** How many of the most there are already, where others of the same act are shown elsewhere. */
  used?: number;
  error?: string | undefined;
}

export function Photos({ id, hand, ids, put, tag = "scene", label, least = 0, used = ids.length, error }: PhotosProps): JSX.Element {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(0);
  const room = MOST_PHOTOS - used;
  const one = async (file: File): Promise<void> => {
    const kept = await keepPhoto(file, hand.draft.person, tag);
    put((now) => [...now, kept]);
  };
  const choose = async (input: HTMLInputElement): Promise<void> => {
    const files = Array.from(input.files ?? []);
    setProblem(files.length > room ? t("photos_most", { n: MOST_PHOTOS }) : "");
    setBusy((n) => n + 1);
    const work = (async () => {
      let wrong: unknown = null;
      for (const file of files.slice(0, room)) await one(file).catch((error: unknown) => (wrong = error));
      if (wrong) throw wrong;
    })();
    during(hand, work);
    input.value = "";
    await work.catch((error: unknown) => setProblem(told(error)));
    setBusy((n) => n - 1);
  };
  const name = label ?? t("photo");
  return (
    <div class={`field${error ? " is-wrong" : ""}`}>
      <span class="field__label" id={`${id}-label`}>
        {least ? t("photos_least", { what: name, n: least }) : t("photos", { what: name, n: MOST_PHOTOS })}
      </span>
      {ids.length > 0 && (
        <ul class="f-photos">
          {ids.map((one, n) => (
            <Photo key={one} id={one} n={n + 1} drop={() => takeOff(one, put)} />
          ))}
        </ul>
      )}
      {room > 0 && (
        <label class={`btn btn--wide f-file${busy ? " is-busy" : ""}`}>
          <Icon name="photo" />
          <span>{busy ? t("photo_busy") : t("add_photo")}</span>
          <input id={id} type="file" accept="image/*" multiple aria-label={name + t("colon") + t("add_photo")} onChange={(event) => void choose(event.currentTarget)} />
        </label>
      )}
      {(problem || error) && (
        <p class="field__error" role="alert">
          {problem || error}
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

/** The one recording of the screen, from the tap that begins it to the note that is kept. */
function useRecorder(hand: Hand, add: (id: string) => void): [Running | null, string, () => Promise<void>] {
  const [running, setRunning] = useState<Running | null>(null);
  const [problem, setProblem] = useState("");
  const now = useRef({ gone: false, asking: false, running: null as Running | null });
  useEffect(
    () => () => {
      now.current.gone = true;
      now.current.running?.stop(); // what was said is kept with the draft
    },
    [],
  );
  const toggle = async (): Promise<void> => {
    if (now.current.running) return now.current.running.stop();
    if (now.current.asking) return;
    setProblem("");
    now.current.asking = true;
    try {
      const begun = await begin(hand, add);
      if (now.current.gone) return begun.stop();
      now.current.running = begun;
      setRunning(begun);
      await begun.kept;
    } catch (error) {
      setProblem(told(error));
    } finally {
      now.current.asking = false;
      now.current.running = null;
      setRunning(null);
    }
  };
  return [running, problem, toggle];
}

export function Sounds({ hand, ids, put }: ListProps): JSX.Element {
  const add = (id: string): void => put((now) => [...now, id]);
  const [running, problem, toggle] = useRecorder(hand, add);
  const [wrong, setWrong] = useState("");
  const [seconds, setSeconds] = useState(0);

  useEffect(() => {
    if (!running) return;
    const begun = Date.now();
    setSeconds(0);
    const timer = window.setInterval(() => setSeconds(Math.round((Date.now() - begun) / 1000)), 500);
    return () => window.clearInterval(timer);
  }, [running]);

  const choose = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0];
    if (!file) return;
    setWrong("");
    const work = keepSound(file, hand.draft.person).then(add);
    during(hand, work);
    input.value = "";
    await work.catch((error: unknown) => setWrong(told(error)));
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
            <Sound key={one} id={one} n={n + 1} drop={() => takeOff(one, put)} />
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
            <input type="file" accept="audio/*" onChange={(event) => void choose(event.currentTarget)} />
          </label>
        )}
      </div>
      {(problem || wrong) && (
        <p class="field__error" role="alert">
          {problem || wrong}
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
