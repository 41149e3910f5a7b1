import type { Answer, DataflyError, DataflyEvent } from "./api";
import { complete } from "./context";
import { uuid } from "./identifiers";
import { navigation } from "./navigation";
import { emit, fail, safely } from "./report";
import { settings } from "./settings";
import { decide, drop, flows, follow, gate, isFleeting, keys as stored, peek, put, release, root, visitor } from "./store";

/*
 * The queue is one storage key an entry, `<root>!<time><count><tab>/<route>`: adding and removing are atomic, keys
 * sort by time, and tabs share it without overwriting each other. A key goes only when the server has answered, so a
 * closed tab loses nothing; the message ID makes what is sent twice count once, which the server promises for 24 hours.
 */

/** The body of a call to `/reset`, which must come between the events before it and after it. */
interface Reset {
  forget?: true;
}

const eventsRoute = "b";
const tab = uuid();

let count = 1e6;
let timer = 0;
let work: Promise<unknown> = Promise.resolve();
let isAway = false;
let failures = 0;
let flying: string[] = [];

/** How the keys of that many milliseconds ago begin: eight characters until the year 2059, so that they sort. */
const keyOf = (age = 0) => root + "!" + (Date.now() - age).toString(36);

/**
 * Milliseconds until the server may be asked again; kept for all pages where it has said so, for this one where it did
 * not answer. More than it can be is of a clock that has been put right since.
 */
const pauseLeft = (left = +peek(root + "~") - Date.now()) => (left < 6e6 ? left : 0);

/** What waits, oldest first; what is over 22 hours, 1,000 entries or a million characters is forgotten. Nothing, while the visitor has not decided. */
const waiting = () => {
  let room = 1e6;
  release();
  const kept = stored(root + "!")
    .sort()
    .reverse()
    .filter((key, index) => (index < 1e3 && (room -= peek(key).length) > 0 && key > keyOf(8e7)) || drop(key))
    .reverse();
  return gate() == 0.5 ? [] : kept;
};

export const newKey = (route = eventsRoute) => keyOf() + ++count + tab + "/" + route;

/** Queues, or replaces what has that key and is not on its way, and answers the key. */
export const enqueue = (entry: DataflyEvent | Reset, key = newKey()) => {
  if (flying.includes(key)) key = newKey();
  put(key, entry);
  if (isAway) leave();
  else if (!timer) later();
  return key;
};

type Request = [taken: string[], entries: (DataflyEvent & Reset)[], url: URL, body: string];

/** The request for the first entries: up to 50 of one route, and under the 64 KiB that may outlive a page. */
const pack = (keys: string[], most = 50): Request => {
  const route = keys[0].split("/")[1];
  let isAlike = true;
  const taken = keys.filter((key, index) => (isAlike &&= index < most && key.endsWith(route)));
  // What another script broke goes as nothing, and the server refuses it.
  const entries = taken.map(complete);
  const content = route == eventsRoute ? { batch: entries, sentAt: new Date() } : entries[0];
  const body = JSON.stringify({ ...content, writeKey: settings.pipelineKey });
  if (new Blob([body]).size > 6e4 && taken[1]) return pack(keys, taken.length >> 1);
  // Relative to the script, so that a proxy may put the whole under any path.
  return [taken, entries, new URL(settings.endpoint + "/" + route, settings.script || location.href), body];
};

/** Sends one request and takes what the server has answered for out of the queue, or waits before the next. */
const send = async ([taken, entries, url, body]: Request) => {
  let response: Response | undefined;
  let answer: Partial<Answer> & { error?: DataflyError } = {};
  flying = taken;
  try {
    // A simple request (the body is `text/plain`), so that no preflight comes before it. It may outlive the page; another
    // try may not, for it has to get through where the browser's room for such requests is taken.
    response = await fetch(url, { method: "POST", body, keepalive: !failures, credentials: "include", signal: AbortSignal.timeout(2e4) });
    answer = { ...(await response.json()) };
  } catch {
    // No answer, or none of ours: judged by its status.
  }
  flying = [];
  const failure = !answer.success && (answer.error || { code: "NETWORK", message: "no answer" });
  const pause = +response?.headers.get("Retry-After")!;
  // Final is only what the server itself says, with a code of its own: not what stands between.
  if (failure && !/4(?!08|29)..[A-Z]/.test(response?.status + answer.error?.code!)) {
    put(root + "~", Date.now() + Math.min(pause ? 3600 : 300, pause || 2 ** failures++) * (1e3 + Math.random() * 500), pause && flows());
    fail(failure);
    later();
    return;
  }
  drop(root + "~");
  failures = 0;
  taken.forEach(drop);
  entries.forEach((event, index) => {
    const error = failure || answer.errors?.find((each) => each.index == index);
    if (error) fail(error, event);
    else if (event.type) emit("sent", event, answer);
    else if (event.forget) decide(visitor().c!, true);
  });
};

/** Sends what may be sent: another tab is given six seconds to complete what it has just recorded: a navigation may take five. */
const drain = async () => {
  const isReady = (key: string) => key.includes(tab) || key < keyOf(6e3) || later();
  let settling = 0;
  // What is recorded meanwhile has a second of its own to come.
  for (let keys; !timer && !isAway && (keys = waiting().filter(isReady))[0] && pauseLeft() < 9; settling = 200) await send(pack(keys));
  // Tabs see each other's storage a moment late: the lock is not handed on before what was sent is gone for all.
  return new Promise((done) => setTimeout(done, settling));
};

/** Sends what waits. One tab at a time; where there are no locks (an insecure origin) it is sent twice at worst. */
export const flush = () => {
  timer = 0;
  // A page that asked for a lock while it went would not be kept for coming back.
  work = work.then((): unknown => isAway || navigator.locks.request(root, drain)).catch(drain).catch(fail);
};

/** Sends in a second, in which a route may set its title, or when the route or the server is ready. */
export const later = () => {
  isAway = false;
  clearTimeout(timer);
  timer = setTimeout(flush, Math.max(navigation?.transition ? 5e3 : 1e3, pauseLeft()));
};

/**
 * The page goes: beacons for what this tab has not sent, smaller ones when the browser takes no more. Their keys stay
 * until a later page has an answer; where the server has asked for a pause, they are left to that page altogether. What
 * the page still tells while it goes comes here again.
 */
const leave = () =>
  safely(() => {
    isAway = true;
    let keys = waiting().filter((key) => key.includes(tab) && !flying.includes(key) && (isFleeting(key) || isFleeting(root + "~") || pauseLeft() < 9));
    for (let most = 50; keys[0] && most; ) {
      const [taken, , url, body] = pack(keys, most);
      if (navigator.sendBeacon(url, body)) {
        keys = keys.slice(taken.length);
        flying = [...flying, ...taken];
      } else most = taken.length >> 1;
    }
  });

export const openQueue = () => {
  addEventListener("online", () => {
    drop(root + "~");
    later();
  });
  addEventListener("storage", (event) => {
    if (event.key != root || !event.newValue) return;
    const consent = follow();
    later();
    if (consent) emit("consent", consent);
  });
  addEventListener("pagehide", leave);
  addEventListener("pageshow", later);
  addEventListener("visibilitychange", flush);
  later();
};
