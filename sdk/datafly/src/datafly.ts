import type { ConsentState, Datafly, DataflyEvent, Part, Properties, Settings } from "./api";
import { currentContext, currentPage, turnPage, version } from "./context";
import { uuid } from "./identifiers";
import { watchRoutes } from "./pages";
import { completeWaiting, enqueue, flush, later, newKey, openQueue } from "./queue";
import { emit, fail, on, safely } from "./report";
import { configure, settings } from "./settings";
import { box, decide, gate, know, openStore, visitor } from "./store";
import { clean } from "./urls";

type Call = readonly [method: string, ...args: unknown[]];

let script: string;
let parts: readonly Part[];
let isStarted = false;
const early: Call[] = [];

/** How many events the page may still make in this minute. */
let allowance = 600;

/** The automatic page view's key and address, while a manual one may replace it. */
let automatic: string | undefined;
let automaticAt: string;

const compose = (type: DataflyEvent["type"], fields: Partial<DataflyEvent>) => {
  const now = new Date();
  const { a: anonymousId = know({ a: uuid() }).a, u: userId } = visitor();
  return {
    type,
    messageId: uuid(),
    originalTimestamp: now.toISOString(),
    anonymousId,
    userId,
    ...fields,
    context: currentContext(now),
  } as unknown as DataflyEvent;
};

const record = (type: DataflyEvent["type"], fields: Partial<DataflyEvent>, replaced?: string) => {
  if (gate() < 0) return undefined;
  if (allowance-- < 1) return void fail({ code: "THROTTLED", message: "over 600 events a minute" });
  const event = compose(type, fields);
  const { properties } = event;
  if (properties?.url) properties.url = clean(`${properties.url}`);
  const key = enqueue(event, replaced);
  emit("event", event);
  return key;
};

const page = (name?: string | Properties, more?: Properties) => {
  const isNamed = typeof name == "string";
  const replaced = automaticAt == location.href && box()[automatic!] ? automatic : undefined;
  if (!replaced) {
    completeWaiting();
    turnPage();
    later();
  }
  automatic = undefined;
  return record("page", { name: isNamed ? name : undefined, properties: { ...currentPage(), ...(isNamed ? more : name) } }, replaced);
};

const pageByItself = () => {
  automatic = undefined;
  automatic = page();
  automaticAt = location.href;
};

/** Text that a call cannot do without. */
const need = (value: unknown, what: string) => {
  if (!value || typeof value == "object") throw what + " missing";
  return `${value}`;
};

const methods = {
  init(key: string | Settings, more?: Settings) {
    configure(typeof key == "string" ? { ...more, pipelineKey: key } : { ...key });
    start();
  },
  page,
  track(event: string, properties?: Properties) {
    record("track", { event: need(event, "event name"), properties: { ...properties } });
  },
  identify(userId: string, more?: Properties) {
    const { u, t } = visitor();
    userId = need(userId, "user ID");
    const traits = { ...(u == userId && t), ...more };
    know({ u: userId, t: traits });
    record("identify", { traits });
  },
  group(groupId: string, traits?: Properties) {
    groupId = need(groupId, "group ID");
    know({ g: groupId });
    record("group", { groupId, traits: { ...traits } });
  },
  consent(state: ConsentState) {
    const before = visitor().c;
    const after = { ...before };
    for (const category in state) after[category] = state[category] === true;
    if (JSON.stringify(after) == JSON.stringify(before)) return;
    // Whoever was counted until now is told of, by an event that makes no hit of its own.
    const notice = gate() > 0 && compose("identify", {});
    decide(after);
    if (notice) {
      enqueue(notice);
      if (gate() < 0) enqueue({ forget: true }, newKey("/reset"));
    }
    flush();
    emit("consent", after);
  },
  reset() {
    know({ a: uuid(), u: undefined, t: undefined, g: undefined });
    if (gate() > 0) enqueue({}, newKey("/reset"));
    flush();
  },
  flush,
  ready: (callback: (datafly: Datafly) => void) => callback(datafly),
  on,
  debug: () => "event,sent,error,consent".split(",").forEach((name) => on(name as "event", (...args: unknown[]) => console.log("[datafly]", name, ...args))),
} as unknown as { [name: string]: (...args: unknown[]) => void };

export const datafly = { version, push: ([name, ...args]: Call) => datafly[name as "push"](...(args as [Call])) } as Datafly;
for (const name in methods)
  (datafly as unknown as typeof methods)[name] = (...args) =>
    safely(() => (isStarted || /^(init|on|debug)$/.test(name) ? methods[name](...args) : early.push([name, ...args])));

const begin = () => {
  openStore();
  openQueue(script);
  isStarted = true;
  for (const part of parts) safely(() => part(datafly, settings, clean));
  // A decision queued before the load goes before the first page view.
  const replay = (isDecision: boolean) => early.forEach((call) => (call[0] == "consent") == isDecision && datafly.push(call));
  replay(true);
  if (settings.pages === false) turnPage();
  else watchRoutes(pageByItself);
  setInterval(() => (allowance = 600), 6e4);
  replay(false);
};

const start = () => {
  need(settings.pipelineKey, "pipeline key");
  if (isStarted) return;
  // A prerendered page that nobody opens is no visit.
  if ((document as { prerendering?: boolean }).prerendering) document.addEventListener("prerenderingchange", () => safely(begin), { once: true });
  else begin();
};

/** Sets up the collector, and starts it when it knows its pipeline key. */
export const boot = (from: string, given: readonly Part[], values: object, queued: readonly Call[]) => {
  script = from;
  parts = given;
  queued.forEach(datafly.push);
  configure(values as { [name: string]: unknown });
  if (settings.pipelineKey) safely(start);
};
