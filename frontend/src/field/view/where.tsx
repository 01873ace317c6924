/** Choosing where, without a network: a number or a name, from the areas that I work in. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Area, Draft } from "../shapes";
import { state } from "../state";
import { t } from "../words";
import type { Change } from "./draft";
import { Text } from "./parts";

const RANK = ["micro_grid", "grid", "community", "street", "district"];

/** The area meant by what was typed: its whole name, else the one whose number it is; none where several fit. */
export function areaOf(typed: string): Area | undefined {
  const wanted = typed.trim();
  const areas = state.day?.areas ?? [];
  const exact = areas.filter((area) => area.name === wanted);
  if (exact.length === 1) return exact[0];
  const number = /^(\d{1,4})\s*(号楼|栋|幢|#)?$/.exec(wanted)?.[1];
  const same = number ? areas.filter((area) => area.name.replace(/^0+/, "").startsWith(`${Number(number)}号`)) : [];
  return same.length === 1 ? same[0] : undefined;
}

export function Where({ draft, change, error }: { draft: Draft; change: Change; error?: string | undefined }): JSX.Element {
  const areas = [...(state.day?.areas ?? [])].sort((a, b) => RANK.indexOf(a.level) - RANK.indexOf(b.level));
  const [typed, setTyped] = useState(draft.name);
  const set = (value: string): void => {
    setTyped(value);
    const area = areaOf(value);
    change({ name: value, area_code: area?.code ?? "", target: area?.code ?? "" });
  };
  const found = areaOf(typed);
  return (
    <>
      <Text id="where" label={t("where")} hint={t("where_hint")} value={typed} set={set} list="areas" error={error} />
      <datalist id="areas">
        {areas.map((area) => (
          <option key={area.code} value={area.name} />
        ))}
      </datalist>
      {found && found.name !== typed && <p class="muted small">{found.name}</p>}
    </>
  );
}
