/** Choosing where, without a network: a number or a name, from the areas that I work in. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { dayOf } from "../dates";
import type { Area, Draft } from "../shapes";
import { state } from "../state";
import { t } from "../words";
import type { Change } from "./draft";
import { Text } from "./parts";

const RANK = ["micro_grid", "grid", "community", "street", "district"];
const MOST = 6;

const areasHere = (): Area[] => state.day?.areas ?? [];

/** What an area is called so that no other is called the same: with what it lies in, where there are two. */
export function fullName(area: Area): string {
  if (areasHere().filter((other) => other.name === area.name).length < 2) return area.name;
  const above = areasHere()
    .filter((other) => other.code !== area.code && area.code.startsWith(other.code) && other.name !== area.name)
    .sort((a, b) => b.code.length - a.code.length)
    .map((other) => other.name);
  return t("bracketed", { what: area.name, more: above.join(" · ") || area.code });
}

/** The areas that what was typed may mean: by whole name, by number, else by a part of the name. */
export function meant(typed: string): Area[] {
  const wanted = typed.trim();
  if (!wanted) return [];
  const exact = areasHere().filter((area) => area.name === wanted || fullName(area) === wanted);
  if (exact.length > 0) return exact;
  const number = /^(\d{1,4})\s*(号楼|栋|幢|#)?$/.exec(wanted)?.[1];
  if (number) return areasHere().filter((area) => area.name.replace(/^0+/, "").startsWith(`${Number(number)}号`));
  return areasHere().filter((area) => area.name.includes(wanted));
}

/** Where I most likely am: where I recorded something last today, else the one area that holds all of mine. */
export function usualPlace(): Partial<Draft> {
  const last = [...state.items].reverse().find((item) => dayOf(item.at) === dayOf() && item.area);
  const near = areasHere().find((area) => area.code === last?.area);
  const whole = areasHere().find((area) => areasHere().every((other) => other.code.startsWith(area.code)));
  const area = near ?? whole;
  return area ? { area_code: area.code, target: area.code, name: fullName(area) } : {};
}

export function Where({ draft, change, error }: { draft: Draft; change: Change; error?: string | undefined }): JSX.Element {
  const areas = [...areasHere()].sort((a, b) => RANK.indexOf(a.level) - RANK.indexOf(b.level));
  const [typed, setTyped] = useState(draft.name);
  const put = (area: Area | undefined, name: string): void => change({ name, area_code: area?.code ?? "", target: area?.code ?? "" });
  const set = (value: string): void => {
    setTyped(value);
    const found = meant(value);
    put(found.length === 1 ? found[0] : undefined, found.length === 1 ? fullName(found[0]!) : value);
  };
  const pick = (area: Area): void => {
    setTyped(fullName(area));
    put(area, fullName(area));
  };
  const found = meant(typed);
  const chosen = found.length === 1 ? fullName(found[0]!) : "";
  return (
    <>
      <Text id="where" label={t("where")} hint={t("where_hint")} value={typed} set={set} list="areas" select error={error && (found.length > 1 ? t("where_which") : error)} />
      <datalist id="areas">
        {areas.map((area) => (
          <option key={area.code} value={fullName(area)} />
        ))}
      </datalist>
      {chosen && chosen !== typed && <p class="muted small">{chosen}</p>}
      {found.length > 1 && (
        <div class="f-known" role="group" aria-label={t("where_which")}>
          <p class="f-known__title">{t("where_which")}</p>
          {found.slice(0, MOST).map((area) => (
            <button key={area.code} class="btn btn--wide" type="button" onClick={() => pick(area)}>
              {fullName(area)}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
