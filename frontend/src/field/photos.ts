/** Photos are made small on the phone before they wait: at most 2048 px a side, JPEG, without what the camera adds. */
import { newId } from "./ids";
import type { KeptFile } from "./shapes";
import * as store from "./store";
import { t } from "./words";

const SIDE = 2048;
const MOST_BYTES = 10 * 1024 * 1024;
export const MOST_PHOTOS = 6;

async function drawn(file: File): Promise<Blob | null> {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    await new Promise<void>((resolve, reject) => {
      image.onload = () => resolve();
      image.onerror = () => reject(new Error("no picture"));
      image.src = url;
    });
    const scale = Math.min(1, SIDE / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Keeps one photo for `person` and returns its id.
 *
 * What the phone cannot draw (HEIC on some) is kept as it is: the server reads more kinds.
 */
export async function keepPhoto(file: File, person: string, tag: string): Promise<string> {
  const small = await drawn(file);
  if (!small && !/^image\/(heic|heif)$|\.hei[cf]$/i.test(`${file.type}${file.name}`)) throw new Error(t("photo_bad"));
  const blob = small ?? file;
  if (blob.size > MOST_BYTES) throw new Error(t("photo_big"));
  return keep(blob, person, "photo", tag);
}

/** Whether the phone has no room for what was to be kept. */
export const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === "QuotaExceededError";

export async function keep(blob: Blob, person: string, kind: KeptFile["kind"], tag: string, id = newId()): Promise<string> {
  const bytes = await new Response(blob).arrayBuffer();
  try {
    await store.keepFile({ id, person, kind, tag, type: blob.type.split(";")[0] ?? "", bytes, uploaded: false });
  } catch (error) {
    if (isFull(error)) throw new Error(t("store_full"));
    throw error;
  }
  return id;
}
