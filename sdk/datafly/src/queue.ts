import type { Answer, DataflyEvent } from "./api";
import { complete } from "./context";
import { shortId } from "./identifiers";
import { emit, fail } from "./report";
import { settings } from "./settings";
import { box, gate, put, root } from "./store";

/*
 * The queue is one storage key an entry, `<root>!<time><count><tab>/<route>`: adding and removing are atomic, keys
 * sort by time, and tabs share it without overwriting each other. A key goes only when the server has answered, so a
 * closed tab loses nothing; the message ID makes what is sent twice count once, which the server promises for 24 hours.
 */

/** The body of a call to `/reset`, which must come between the events before it and after it. */
interface Reset {
  forget?: true;
}

const eventsRoute = "/b";
const tab = shortId();

let count = 1e6;
let base: string;
let timer: ReturnType<typeof setTimeout> | 0;
let isBusy = false;
let isAway = false;
let failures = 0;
let retryAt = 0;
let flying: string[] = [];

/** What waits, oldest first; what is over 23 hours, 1,000 entries or a million characters is forgotten. */
const waiting = () => {
  const entries = box();
  const start = root + "!";
  let room = 1e6;
  return Object.keys(entries)
    .filter((key) => key.startsWith(start))
    .sort()
    .reverse()
    .filter((key, index) => {
      room -= entries[key].length;
      return (index < 1e3 && room > 0 && parseInt(key.substr(start.length, 8), 36) > Date.now() - 828e5) || void delete entries[key];
    })
    .reverse();
};

const ours = () => waiting().filter((key) => key.includes(tab));

/** Queues, or replaces what has that key, and answers the key. */
export const enqueue = (entry: DataflyEvent | Reset, route = eventsRoute, key = root + "!" + Date.now().toString(36) + ++count + tab + route) => {
  put(key, JSON.stringify(entry));
  if (!timer) later();
  if (count % 50 == 0) flush();
  return key;
};

/** The request for the first entries: up to 50 of one route, under the 64 KiB that may outlive a page. */
const pack = (keys: string[], most = 50): { taken: string[]; events: DataflyEvent[]; url: string; body: string; isSmall: boolean } => {
  const route = keys[0].slice(keys[0].indexOf("/"));
  const end = keys.findIndex((key, index) => index == most || !key.endsWith(route));
  const taken = keys.slice(0, end < 0 ? keys.length : end);
  const entries = taken.map((key) => JSON.parse(box()[key]));
  const content = route == eventsRoute ? { batch: entries.map(complete), sentAt: new Date() } : Object.assign({}, ...entries);
  const body = JSON.stringify({ ...content, writeKey: settings.pipelineKey });
  const isSmall = new Blob([body]).size < 6e4;
  return isSmall || most < 2 ? { taken, events: content.batch || [], url: base + route, body, isSmall } : pack(keys, taken.length >> 1);
};

type Request = ReturnType<typeof pack>;

/** As a simple request (`text/plain`), so that no preflight comes before it. */
const post = ({ url, body, isSmall }: Request) =>
  fetch(url, {
    method: "POST",
    body,
    keepalive: isSmall,
    credentials: settings.cookieless ? "omit" : "include",
    signal: AbortSignal.timeout(2e4),
  });

const send = async (request: Request) => {
  let answer: (Answer & { error?: { code: string; message: string } }) | undefined;
  let status = 0;
  let pause = 0;
  flying = request.taken;
  try {
    const response = await post(request);
    status = response.status;
    pause = +response.headers.get("Retry-After")! * 1e3;
    answer = await response.json();
  } catch {
    // No answer, or none of ours: judged by its status.
  }
  flying = [];
  const isRefused = /4(?!08|29)../.test(`${status}`);
  if (isRefused || answer?.success) {
    failures = 0;
    for (const key of request.taken) delete box()[key];
    request.events.forEach((event, index) => {
      const error = isRefused ? answer?.error || { code: `${status}`, message: "refused" } : answer!.errors?.find((each) => each.index == index);
      if (error) fail(error.code, error.message, event);
      else emit("sent", event, answer);
    });
  } else {
    retryAt = Date.now() + (pause || Math.min(3e5, 1e3 * 2 ** failures++)) * (1 + Math.random() / 2);
    fail("NETWORK", "waiting for the server");
    later();
  }
};

const drain = async () => {
  let keys;
  while ((keys = waiting())[0] && gate() && !isAway && navigator.onLine && retryAt < Date.now()) await send(pack(keys));
};

/** Sends what waits. One tab at a time; a browser without locks (an insecure origin) sends twice at worst. */
export const flush = () => {
  clearTimeout(timer || 0);
  timer = 0;
  if (isBusy) return;
  isBusy = true;
  const { locks } = navigator;
  const done = () => (isBusy = false);
  void (locks ? locks.request(root, drain).catch(drain) : drain()).then(done, done);
};

/** Sends in a second, in which a route may set its title, or when the server may be asked again. */
export const later = () => {
  clearTimeout(timer || 0);
  timer = setTimeout(flush, Math.max(1e3, retryAt - Date.now()));
};

/** The page goes: beacons for what this tab has not sent. Their keys stay until a later page has an answer. */
const leave = () => {
  isAway = true;
  for (let keys = ours().filter((key) => gate() && !flying.includes(key)); keys[0]; ) {
    const request = pack(keys);
    keys = keys.slice(request.taken.length);
    if (settings.cookieless) void post(request).catch(() => 0);
    else navigator.sendBeacon(request.url, request.body);
  }
};

/** Completes in place what belongs to the page view that now ends. */
export const completeWaiting = () =>
  ours().forEach((key) => key.endsWith(eventsRoute) && put(key, JSON.stringify(complete(JSON.parse(box()[key])))));

/**
 * A script at `…/d.js`, `…/datafly.js` or `…/d/<key>.js` has its collection at `…/v1`, so that a proxy may put the
 * whole under any path; a renamed script says its endpoint.
 */
export const openQueue = (script: string) => {
  base = new URL(settings.endpoint || "v1", script.replace(/(d(atafly)?|d\/[^/]+)\.js.*/, "")).href;
  addEventListener("online", () => {
    retryAt = 0;
    later();
  });
  addEventListener("pagehide", leave);
  addEventListener("pageshow", () => (isAway = false));
  document.addEventListener("visibilitychange", () => document.hidden && flush());
  later();
};
