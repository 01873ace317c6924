/** Which screen is shown: the address behind the #. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { spent } from "../drafts";
import { newId } from "../ids";
import { planOf } from "../queue";
import { state } from "../state";
import { t } from "../words";
import { ActPage, Matter, Matters } from "./matter";
import { Me } from "./me";
import { Drafts, Outbox } from "./outbox";
import { Bar, Head, useFieldState } from "./parts";
import { New, RecordForm } from "./record";
import { Snack } from "./snack";
import { Notices, Today } from "./today";
import { Gone, PairingVisit, PlaceVisit, VisitForm } from "./visit";
import { usualPlace } from "./where";

function usePath(): string[] {
  const read = (): string[] => location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const [path, setPath] = useState(read);
  useEffect(() => {
    const turn = (): void => {
      setPath(read());
      window.scrollTo(0, 0);
    };
    window.addEventListener("hashchange", turn);
    return () => window.removeEventListener("hashchange", turn);
  }, []);
  return path;
}

export function App(): JSX.Element {
  const now = useFieldState();
  const path = usePath();
  if (!now.ready) return <p class="f-page muted">{t("loading")}</p>;
  return (
    <>
      {now.person ? <Screen path={path} /> : <Stranger />}
      <Snack />
    </>
  );
}

function Screen({ path }: { path: string[] }): JSX.Element {
  const [name = "", one = "", two = "", three = "", four = ""] = path;
  switch (name) {
    case "place":
      return <PlaceVisit target={one} method={two} round={three} level={Number(four) || 1} />;
    case "pairing":
      return <PairingVisit id={one} />;
    case "visit":
      return one && !spent(one) ? <VisitForm key={one} draftKey="free" id={one} given={usualPlace()} /> : <Begin at="visit" />;
    case "draft":
      return <KeptVisit id={one} />;
    case "new":
      return <New />;
    case "record":
      return one && !spent(one) ? <RecordForm key={one} id={one} /> : <Begin at="record" />;
    case "matters":
      return <Matters />;
    case "matter":
      return <Matter id={one} />;
    case "act":
      return <ActPage key={one + two + three} matter={one} action={two} draftId={three} />;
    case "outbox":
      return <Outbox />;
    case "drafts":
      return <Drafts />;
    case "me":
      return <Me />;
    default:
      return <Today />;
  }
}

/** Begins a draft of its own, under an address of its own: it is found there again. */
function Begin({ at }: { at: "visit" | "record" }): null {
  useEffect(() => location.replace(`#/${at}/${newId()}`), [at]);
  return null;
}

function KeptVisit({ id }: { id: string }): JSX.Element {
  const draft = state.drafts.find((one) => one.id === id);
  if (!draft) return <Gone />;
  const plan = planOf(draft);
  const help = state.day?.pairings.find((one) => one.pairing_id === draft.pairing_id)?.help;
  return <VisitForm key={id} draftKey={draft.key} id={id} plan={plan} given={{}} {...(help ? { help } : {})} />;
}

function Stranger(): JSX.Element {
  const now = useFieldState();
  return (
    <>
      <main class="f-page">
        <Head title={t("today")} />
        <Notices />
        {!now.signedOut && (
          <a class="btn btn--primary btn--wide" href="/account/login/?next=/field/">
            {t("sign_in")}
          </a>
        )}
      </main>
      <Bar />
    </>
  );
}
