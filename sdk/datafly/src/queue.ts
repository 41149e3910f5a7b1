import type { Answer, DataflyError, DataflyEvent } from "./api";
import { complete } from "./context";
import { shortId } from "./identifiers";
import { navigation } from "./navigation";
import { emit, fail, safely } from "./report";
import { settings } from "./settings";
import { decide, drop, gate, keys as stored, peek, put, read, root, visitor } from "./store";

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
let work: Promise<unknown> = Promise.resolve();
let isAway = false;
let failures = 0;
let retryAt = 0;
let flying: string[] = [];

/** How the keys of a time begin: eight characters until the year 2059, so that they sort. */
const keyAt = (time: number) => root + "!" + time.toString(36);

/** What waits, oldest first; what is over 23 hours, 1,000 entries or a million characters is forgotten. */
const waiting = () => {
  let room = 1e6;
  return (gate() == 0.5 ? [] : stored())
    .filter((key) => key.startsWith(root + "!"))
    .sort()
    .reverse()
    .filter((key, index) => {
      const left = room - peek(key).length;
      return index < 1e3 && left > 0 && key > keyAt(Date.now() - 828e5) ? (room = left) : drop(key);
    })
    .reverse();
};

export const newKey = (route = eventsRoute) => keyAt(Date.now()) + ++count + tab + route;

/** Queues, or replaces what has that key and is not on its way, and answers the key. */
export const enqueue = (entry: DataflyEvent | Reset, key = newKey()) => {
  if (flying.includes(key)) key = newKey();
  put(key, JSON.stringify(entry));
  if (!timer) later();
  return key;
};

type Request = [taken: string[], entries: (DataflyEvent & Reset)[], url: string, body: string, keepalive: boolean];

/** The request for the first entries: up to 50 of one route, and under the 64 KiB that may outlive a page. */
const pack = (keys: string[], most = 50): Request => {
  const route = keys[0].slice(keys[0].indexOf("/"));
  const taken = keys.slice(0, [...keys, ""].findIndex((key, index) => index == most || !key.endsWith(route)));
  // What another script broke goes as nothing, and the server refuses it.
  const entries = taken.map((key) => complete(read(key)));
  const content = route == eventsRoute ? { batch: entries, sentAt: new Date() } : entries[0];
  const body = JSON.stringify({ ...content, writeKey: settings.pipelineKey });
  const keepalive = new Blob([body]).size < 6e4;
  return keepalive || !taken[1] ? [taken, entries, base + route, body, keepalive] : pack(keys, taken.length >> 1);
};

/** Sends one request and takes what the server has answered for out of the queue, or waits before the next. */
const send = async ([taken, entries, url, body, keepalive]: Request) => {
  let answer: Partial<Answer> & { error?: DataflyError } = {};
  let status = 0;
  let pause = 0;
  flying = taken;
  try {
    // A simple request (the body is `text/plain`), so that no preflight comes before it.
    const response = await fetch(url, { method: "POST", body, keepalive, credentials: "include", signal: AbortSignal.timeout(2e4) });
    status = response.status;
    pause = +response.headers.get("Retry-After")!;
    answer = { ...(await response.json()) };
  } catch {
    // No answer, or none of ours: judged by its status.
  }
  flying = [];
  const failure = !answer.success && (answer.error || { code: "NETWORK", message: "no answer" });
  // Final is only what the server itself says, with a code of its own: not what stands between.
  if (failure && !/4(?!08|29)..[A-Z]/.test(status + answer.error?.code!)) {
    retryAt = Date.now() + Math.min(pause ? 3600 : 300, pause || 2 ** failures++) * (1e3 + Math.random() * 500);
    fail(failure);
    later();
    return;
  }
  failures = 0;
  taken.forEach(drop);
  entries.forEach((event, index) => {
    const error = failure || answer.errors?.find((each) => each.index == index);
    if (error) fail(error, event);
    else if (event.type) emit("sent", event, answer);
    else if (event.forget) decide(visitor().c!, true);
  });
};

const drain = async () => {
  let settling = 0;
  // What is recorded meanwhile has a second of its own to come.
  for (let keys; !timer && (keys = waiting())[0] && !isAway && retryAt < Date.now() && navigator.onLine; settling = 200) await send(pack(keys));
  // Tabs see each other's storage a moment late: the lock is not handed on before what was sent is gone for all.
  await new Promise((done) => setTimeout(done, settling));
};

/** Sends what waits. One tab at a time; a browser without locks (an insecure origin) sends twice at worst. */
export const flush = () => {
  timer = 0;
  // A page that asked for a lock while it went would not be kept for coming back.
  work = work.then((): unknown => isAway || (navigator.locks?.request(root, drain).catch(drain) ?? drain())).catch(fail);
};

/** Sends in a second, in which a route may set its title, or when the route or the server is ready. */
export const later = () => {
  isAway = false;
  clearTimeout(timer);
  timer = setTimeout(flush, Math.max(navigation?.transition ? 5e3 : 1e3, retryAt - Date.now() + 9));
};

/** The page goes: beacons for what this tab has not sent. Their keys stay until a later page has an answer. */
const leave = () =>
  safely(() => {
    isAway = true;
    for (let keys = waiting().filter((key) => key.includes(tab) && !flying.includes(key)); keys[0]; ) {
      const [taken, , url, body] = pack(keys);
      keys = navigator.sendBeacon(url, body) ? keys.slice(taken.length) : [];
    }
  });

/** By default the collection is at `v1` beside the script, so that a proxy may put the whole under any path. */
export const openQueue = () => {
  base = new URL(settings.endpoint || "v1", settings.script).href;
  addEventListener("online", () => {
    retryAt = 0;
    later();
  });
  addEventListener("pagehide", leave);
  addEventListener("visibilitychange", flush);
  later();
};
