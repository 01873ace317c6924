/** Voice notes: recorded in the page where the browser can, else a file from the phone's own recorder. */
import { newId } from "./ids";
import { keep } from "./photos";
import { t } from "./words";

const MOST_BYTES = 2 * 1024 * 1024;
const MOST_SECONDS = 180;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

export const canRecord = (): boolean => "MediaRecorder" in window && Boolean(navigator.mediaDevices?.getUserMedia);

export async function keepSound(blob: Blob, person: string, id = newId()): Promise<string> {
  if (blob.size > MOST_BYTES) throw new Error(t("sound_big"));
  return keep(blob, person, "sound", "scene", id);
}

export interface Recording {
  type: string;
  stop: () => void;
  /** Hears every second as it was recorded. */
  listen: (fn: (part: Blob) => void) => void;
  done: Promise<Blob>;
}

/** Begins to record; ends by `stop()`, after three minutes, or when the microphone is taken away. */
export async function record(): Promise<Recording> {
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    throw new Error(t("sound_refused"));
  }
  const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) ?? "";
  const recorder = new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}), audioBitsPerSecond: 24000 });
  const parts: Blob[] = [];
  const heard: ((part: Blob) => void)[] = [];
  recorder.addEventListener("dataavailable", (event) => {
    if (event.data.size === 0) return;
    parts.push(event.data);
    heard.forEach((fn) => fn(event.data));
  });
  const type = recorder.mimeType || mimeType || "audio/webm";
  const done = new Promise<Blob>((resolve) => {
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      resolve(new Blob(parts, { type: recorder.mimeType || type }));
    });
  });
  const stop = (): void => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  recorder.start(1000);
  window.setTimeout(stop, MOST_SECONDS * 1000);
  return { type, stop, listen: (fn) => void heard.push(fn), done };
}
