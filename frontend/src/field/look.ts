/** How the front looks on this phone. Kept here, so that it holds without a network; told to the site when there is one. */
import * as net from "./net";
import { refresh, set } from "./state";
import { setLanguage, type Language } from "./words";

export interface Look {
  lang: Language;
  size: string;
  theme: string;
}

const KEY = "bihuan-field-look";
const root = document.documentElement;

export function look(): Look {
  const shell: Look = {
    lang: root.lang === "en" ? "en" : "zh-CN",
    size: root.dataset["size"] ?? "",
    theme: root.dataset["theme"] ?? "",
  };
  try {
    return { ...shell, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Look>) };
  } catch {
    return shell;
  }
}

export function wear(chosen: Look): void {
  setLanguage(chosen.lang);
  for (const [name, value] of [["size", chosen.size], ["theme", chosen.theme]] as const) {
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
  }
}

export function chooseLook(part: Partial<Look>): Look {
  const chosen = { ...look(), ...part };
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    /* for this page alone, then */
  }
  wear(chosen);
  set({});
  void tell(part);
  return chosen;
}

async function tell(part: Partial<Look>): Promise<void> {
  try {
    const { csrf } = await net.session();
    const { lang, ...rest } = part;
    await net.post("/view/", csrf, { ...rest, ...(lang ? { language: lang === "en" ? "en" : "zh-hans" } : {}) });
    if (lang) await refresh();
  } catch {
    /* without a network it holds on this phone alone */
  }
}
