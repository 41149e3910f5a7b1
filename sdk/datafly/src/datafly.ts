import type { ConsentState, Datafly, DataflyEvent, Part, Properties, Settings } from "./api";
import { currentContext, currentPage, turnPage, version } from "./context";
import { uuid } from "./identifiers";
import { watchRoutes } from "./pages";
import { completeWaiting, enqueue, flush, later, openQueue } from "./queue";
import { emit, fail, on, safely } from "./report";
import { configure, settings } from "./settings";
import { anonymousId, box, decide, gate, know, openStore, visitor } from "./store";
import { clean } from "./urls";

type Call = readonly [method: string, ...args: unknown[]];

let script: string;
let parts: readonly Part[];
let isStarted = false;
const early: Call[] = [];

/** A page may send 500 events at once and 10 a second for ever. */
let allowance = 500;
let allowedAt = Date.now();

/** The automatic page view's key and address, while a manual one may replace it. */
let automatic: string | undefined;
let automaticAt: string;

const compose = (type: DataflyEvent["type"], fields: Partial<DataflyEvent>) => {
  const now = new Date();
  return {
    type,
    messageId: uuid(),
    originalTimestamp: now.toISOString(),
    anonymousId: anonymousId(),
    userId: visitor().u,
    ...fields,
    context: currentContext(now),
  } as DataflyEvent;
};

const record = (type: DataflyEvent["type"], fields: Partial<DataflyEvent>, replaced?: string) => {
  if (gate() < 0) return undefined;
  const now = Date.now();
  allowance = Math.min(500, allowance + (now - allowedAt) / 100);
  allowedAt = now;
  if (allowance < 1) return void fail("THROTTLED", "too many events");
  allowance--;
  const event = compose(type, fields);
  const { properties } = event;
  for (const name of ["url", "referrer"]) if (properties?.[name]) properties[name] = clean(`${properties[name]}`);
  const key = enqueue(event, undefined, replaced);
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
const need = (value: unknown, usage: string) => {
  if (!value || typeof value == "object") throw "use " + usage;
  return `${value}`;
};

const methods = {
  init(key: string | Settings, more?: Settings) {
    configure({ ...more, ...(typeof key == "string" ? { pipelineKey: key } : key) });
    start();
  },
  page,
  track(event: string, properties?: Properties) {
    record("track", { event: need(event, "track(event, properties)"), properties: { ...properties } });
  },
  identify(userId: string, more?: Properties) {
    const { u, t } = visitor();
    userId = need(userId, "identify(userId, traits)");
    const traits = { ...(u == userId && t), ...more };
    know({ u: userId, t: traits });
    record("identify", { traits });
  },
  group(groupId: string, traits?: Properties) {
    groupId = need(groupId, "group(groupId, traits)");
    know({ g: groupId });
    record("group", { groupId, traits: { ...traits } });
  },
  consent(state: ConsentState) {
    const before = visitor().c;
    const after = { ...before };
    for (const category in state) after[category] = state[category] === true;
    if (JSON.stringify(after) == JSON.stringify(before)) return;
    const isWithdrawal = gate() > 0 && Object.keys(after).some((category) => !after[category] && before?.[category] !== false);
    const refusal = isWithdrawal && compose("identify", {});
    decide(after);
    if (refusal) {
      enqueue(refusal);
      if (gate() < 0) enqueue({ forget: true }, "/reset");
    }
    flush();
    emit("consent", after);
  },
  reset() {
    know({ a: uuid(), u: undefined, t: undefined, g: undefined });
    if (gate() > 0) enqueue({}, "/reset");
    flush();
  },
  flush,
  ready: (callback: (datafly: Datafly) => void) => callback(datafly),
  on,
  debug: () => (["event", "sent", "error", "consent"] as const).forEach((name) => on(name, (...args: unknown[]) => console.log("[datafly]", name, ...args))),
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
  for (const call of early) if (call[0] == "consent") datafly.push(call);
  if (settings.pages !== false) {
    pageByItself();
    watchRoutes(pageByItself);
  } else turnPage();
  early.forEach(datafly.push);
};

const start = () => {
  need(settings.pipelineKey && !isStarted, "one data-pipeline-key, or init(pipelineKey)");
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
