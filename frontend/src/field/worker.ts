/**
 * The service worker of /field/: keeps the page and what it is built of, so that it opens without a network.
 *
 * Answers of the machine interface are never kept here: what is personal lives in the database of the page alone,
 * where signing out removes it. The queue is sent by the page, not by this worker: two senders would send twice.
 */
import { clientsClaim } from "workbox-core";
import { addPlugins, cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from "workbox-precaching";

declare const self: { __BIHUAN_FIELD: PrecacheEntry[]; skipWaiting: () => Promise<void> };

/** Keeps whole answers only; without `Vary`, since a kept page must be found whatever the browser asks with. */
async function whole({ response }: { response: Response }): Promise<Response | null> {
  if (!response.ok || response.redirected) return null;
  const headers = new Headers(response.headers);
  headers.delete("Vary");
  return new Response(await response.blob(), { status: response.status, headers });
}

void self.skipWaiting();
clientsClaim();
cleanupOutdatedCaches();
addPlugins([{ cacheWillUpdate: whole }]);
// The page itself is one of the entries: opening /field/, with whatever stands behind it, is answered from here.
precacheAndRoute(self.__BIHUAN_FIELD, { ignoreURLParametersMatching: [/.*/] });
