/** Signing out: today's contents go at once; what was not sent stays, for nobody but its own person. */
import * as net from "./net";
import { become, changed, rememberTag, set } from "./state";
import * as store from "./store";
import { forgetCompanions } from "./together";

export async function leave(): Promise<void> {
  await become(null);
  forgetCompanions();
  rememberTag("");
  location.hash = "/"; // the address may name a household or a matter
  await store.setFlag("leaving", true);
  set({ signedOut: true });
  await finishLeaving();
  await changed();
}

/** Ends the session on the server: now, or when there is a network. Returns whether nothing is left to be ended. */
export async function finishLeaving(): Promise<boolean> {
  if (!(await store.flag("leaving"))) return true;
  try {
    const { csrf, person } = await net.session();
    // First done with, then done: a page that is left meanwhile must not end what is signed in to next.
    await store.setFlag("leaving", false);
    if (person) await net.post("/account/logout/", csrf);
    return true;
  } catch {
    await store.setFlag("leaving", true);
    return false;
  }
}
