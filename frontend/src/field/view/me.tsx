/** Me: how it looks, what the phone keeps, and leaving. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { moment } from "../dates";
import { chooseLook, look, type Look } from "../look";
import { leave } from "../leaving";
import { refresh } from "../state";
import { sendNow } from "../sync";
import { spoken, t } from "../words";
import { Bar, Head, Icon, Pick, useFieldState } from "./parts";
import { unsentCount } from "./outbox";
import { Notices } from "./today";

export function Me(): JSX.Element {
  const now = useFieldState();
  const [chosen, setChosen] = useState<Look>(look());
  const choose = (part: Partial<Look>): void => setChosen(chooseLook(part));
  const themes = [
    { key: "", title: t("by_device") },
    { key: "light", title: t("light") },
    { key: "dark", title: t("dark") },
  ];
  return (
    <>
      <main class="f-page">
        <Head title={now.person?.name ?? t("me")} back="/" />
        <Notices />
        <Pick name="language" legend={t("lang")} value={spoken()} set={(lang) => choose({ lang: lang as Look["lang"] })}
          options={[{ key: "zh-CN", title: "中文" }, { key: "en", title: "English" }]} />
        <Pick name="size" legend={t("size")} value={chosen.size} set={(size) => choose({ size })}
          options={[{ key: "", title: t("large_off") }, { key: "elder", title: t("large") }]} />
        <Pick name="theme" legend={t("look")} value={chosen.theme} set={(theme) => choose({ theme })} options={themes} />
        <section aria-labelledby="kept">
          <h2 id="kept">{t("kept_here")}</h2>
          <p>
            {now.day && t("fetched", { at: moment(now.fetched) })}
            <br />
            {t("wait", { n: unsentCount() })} · {t("drafts_n", { n: now.drafts.length })}
          </p>
          <button class="btn btn--wide" type="button" onClick={() => void refresh()}>
            {t("refresh")}
          </button>
          <p class="muted small">{t("installed")}</p>
        </section>
        <p>
          <a class="f-line" href="/desk/">
            <Icon name="todo" />
            {t("desk")}
          </a>
        </p>
        {now.person && <Leaving />}
      </main>
      <Bar />
    </>
  );
}

function Leaving(): JSX.Element {
  const now = useFieldState();
  const [asked, setAsked] = useState(false);
  const unsent = unsentCount();
  const kept = unsent > 0 || now.drafts.length > 0;
  if (!asked) {
    return (
      <button class="btn btn--wide" type="button" onClick={() => setAsked(true)}>
        <Icon name="sign-out" />
        {t("sign_out")}
      </button>
    );
  }
  return (
    <div class="notice" role="alertdialog" aria-label={t("sign_out")}>
      <p>{kept ? t("sign_out_warn", { n: unsent, d: now.drafts.length }) : t("sign_out_plain")}</p>
      {!now.online && <p>{t("sign_out_offline")}</p>}
      {unsent > 0 && (
        <button class="btn btn--primary btn--wide" type="button" onClick={() => void sendNow()}>
          {t("sign_out_send")}
        </button>
      )}
      <button class="btn btn--wide" type="button" onClick={() => void leave()}>
        {t(kept ? "sign_out_keep" : "sign_out")}
      </button>
    </div>
  );
}
