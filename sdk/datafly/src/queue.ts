import type { Answer, DataflyError, DataflyEvent } from "./api";
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
let timer = 0;
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
      return (index < 1e3 && room > 0 && parseInt(key.slice(start.length, start.length + 8), 36) > Date.now() - 828e5) || void delete entries[key];
    })
    .reverse();
};

export const newKey = (route = eventsRoute) => root + "!" + Date.now().toString(36) + ++count + tab + route;

/** Queues, or replaces what has that key, and answers the key. */
export const enqueue = (entry: DataflyEvent | Reset, key = newKey()) => {
  put(key, JSON.stringify(entry));
  if (!timer) later();
  return key;
};

type Request = [taken: string[], entries: (DataflyEvent & Reset)[], url: string, body: string];

const size = (text: string) => new Blob([text]).size;

/** The request for the first entries: up to 50 of one route, and under the 64 KiB that may outlive a page. */
const pack = (keys: string[], most = 50): Request => {
  const route = keys[0].slice(keys[0].indexOf("/"));
  const taken = keys.slice(0, [...keys, ""].findIndex((key, index) => index == most || !key.endsWith(route)));
  const entries = taken.map((key) => JSON.parse(box()[key]));
  const content = route == eventsRoute ? { batch: entries.map(complete), sentAt: new Date() } : entries[0];
  const body = JSON.stringify({ ...content, writeKey: settings.pipelineKey });
  return size(body) < 6e4 || !taken[1] ? [taken, entries, base + route, body] : pack(keys, taken.length >> 1);
};

/** As a simple request (`text/plain`), so that no preflight comes before it. */
const post = (url: string, body: string) =>
  fetch(url, {
    method: "POST",
    body,
    keepalive: size(body) < 6e4,
    credentials: settings.cookieless ? "omit" : "include",
    signal: AbortSignal.timeout(2e4),
  });

/** Sends one request; answers whether the next may follow. */
const send = async ([taken, entries, url, body]: Request) => {
  let answer: Partial<Answer> & { error?: DataflyError } = {};
  let status = 0;
  let pause = 0;
  flying = taken;
  try {
    const response = await post(url, body);
    status = response.status;
    pause = +response.headers.get("Retry-After")! * 1e3;
    answer = { ...(await response.json()) };
  } catch {
    // No answer, or none of ours: judged by its status.
  }
  flying = [];
  if (!answer.success) answer.error ||= { code: "NETWORK", message: "no answer" };
  if (answer.error && !/4(?!08|29)../.test(`${status}`)) {
    retryAt = Date.now() + (pause || Math.min(3e5, 1e3 * 2 ** failures++)) * (1 + Math.random() / 2);
    fail(answer.error);
    later();
    return false;
  }
  failures = 0;
  for (const key of taken) delete box()[key];
  entries.forEach((event, index) => {
    const error = answer.error || answer.errors?.find((each) => each.index == index);
    if (error) fail(error, event);
    else if (event.type) emit("sent", event, answer);
  });
  return true;
};

const drain = async () => {
  let keys;
  while ((keys = waiting())[0] && gate() && !isAway && navigator.onLine && (await send(pack(keys))));
};

/** Sends what waits. One tab at a time; a browser without locks (an insecure origin) sends twice at worst. */
export const flush = () => {
  clearTimeout(timer);
  timer = 0;
  // A page that asked for a lock while it went would not be kept for coming back.
  if (isBusy || isAway) return;
  if (retryAt > Date.now()) return later();
  isBusy = true;
  const { locks } = navigator;
  const done = () => (isBusy = false);
  void (locks ? locks.request(root, drain).catch(drain) : drain()).then(done, done);
};

/** Sends in a second, in which a route may set its title, or when the server may be asked again. */
export const later = () => {
  isAway = false;
  clearTimeout(timer);
  timer = setTimeout(flush, Math.max(1e3, retryAt - Date.now() + 9));
};

/** The page goes: beacons for what this tab has not sent. Their keys stay until a later page has an answer. */
const leave = () => {
  isAway = true;
  for (let keys = waiting().filter((key) => gate() && key.includes(tab) && !flying.includes(key)); keys[0]; ) {
    const [taken, , url, body] = pack(keys);
    keys = keys.slice(taken.length);
    if (settings.cookieless) void post(url, body).catch(() => 0);
    else navigator.sendBeacon(url, body);
  }
};

/** Completes in place what belongs to the page view that now ends. */
export const completeWaiting = () =>
  waiting().forEach((key) => key.endsWith(eventsRoute) && put(key, JSON.stringify(complete(JSON.parse(box()[key])))));

/**
 * A script at `…/d.js`, `…/datafly.js` or `…/d/<key>.js` has its collection at `…/v1`, so that a proxy may put the
 * whole under any path; a renamed script says its endpoint, from its own address.
 */
export const openQueue = (script: string) => {
  base = new URL(settings.endpoint || script.replace(/(d(atafly)?|d\/[^/]+)\.js[^/]*$/, "v1"), script).href;
  addEventListener("online", () => {
    retryAt = 0;
    later();
  });
  addEventListener("pagehide", leave);
  addEventListener("visibilitychange", flush);
  later();
};
