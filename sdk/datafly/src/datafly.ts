import type { ConsentState, Datafly, DataflyEvent, Part, Properties, Settings } from "./api";
import { currentContext, turnPage, version } from "./context";
import { uuid } from "./identifiers";
import { watchRoutes } from "./pages";
import { enqueue, flush, later, newKey, openQueue } from "./queue";
import { debug, emit, fail, on, pick, safely } from "./report";
import { configure, settings } from "./settings";
import { decide, flows, gate, isNews, know, openStore, peek, put, root, visitor } from "./store";
import { clean } from "./urls";

type Call = readonly [method: string, ...args: unknown[]];

let parts: readonly Part[];

/** 0 nothing yet, 1 the page is still prerendered, 2 collecting. */
let stage = 0;
const early: Call[] = [];

/** How many events the page may still make in this minute. */
let allowance = 600;

/** The automatic page view's key, while a manual one may replace it. */
let automatic = "";

const compose = (type: DataflyEvent["type"] | "", fields: Partial<DataflyEvent>) => {
  const { a: anonymousId = know({ a: uuid() }).a, u: userId } = visitor();
  return {
    type,
    messageId: uuid(),
    originalTimestamp: new Date().toJSON(),
    anonymousId,
    userId,
    ...fields,
    context: currentContext(),
  } as unknown as DataflyEvent;
};

const record = (type: DataflyEvent["type"], fields: Partial<DataflyEvent>, replaced?: string) => {
  if (!gate()) return undefined;
  if (allowance-- < 1) return fail({ code: "THROTTLED", message: "too many" });
  const event = compose(type, fields);
  const properties = event.properties || {};
  const tidy = (name: string, part?: "pathname" | "search") => {
    if (properties[name]) properties[name] = clean(`${properties[name]}`, part);
  };
  tidy("url");
  tidy("referrer");
  tidy("path", "pathname");
  tidy("search", "search");
  if (JSON.stringify(event)[65e3]) return fail({ code: "EVENT_TOO_LARGE", message: "too large" }, event);
  const key = enqueue(event, replaced);
  emit("event", event);
  return key;
};

const page = (name?: string | Properties, properties?: Properties) => {
  if (typeof name != "string") [name, properties] = [, name];
  const replaced = peek(automatic) && automatic;
  if (!replaced) {
    turnPage();
    later();
  }
  automatic = "";
  return record("page", { name, properties: { ...properties } }, replaced);
};

const pageByItself = (isAnother?: unknown) =>
  safely(() => {
    if (isAnother) automatic = "";
    automatic = page()!;
  });

/** Tells the server of a decision about who was counted until now, by an event that makes no hit of its own. */
const tell = () => {
  enqueue(compose("identify", {}));
  if (!gate()) enqueue({ forget: true }, newKey("reset"));
  flush();
};

/** Text that a call cannot do without. */
const need = (value: unknown, what: string) => {
  if (!value || typeof value == "object") throw what + " missing";
  return `${value}`;
};

const methods = {
  init(key: string | Settings, more?: Settings) {
    start(typeof key == "string" ? { ...more, pipelineKey: key } : { ...key });
  },
  page,
  track(event: string, properties?: Properties) {
    record("track", { event: need(event, "event"), properties: { ...properties } });
  },
  identify(userId: string, more?: Properties) {
    const { u, t } = visitor();
    userId = need(userId, "userId");
    const traits = { ...(u == userId && t), ...more };
    know({ u: userId, t: traits });
    record("identify", { traits });
  },
  group(groupId: string, traits?: Properties) {
    groupId = need(groupId, "groupId");
    know({ g: groupId });
    record("group", { groupId, traits });
  },
  consent(state: ConsentState) {
    if (`${state}` != `${{}}`) throw "consent: expected {analytics: true}";
    const after = { ...visitor().c };
    for (const category in state) after[category] = state[category] === true;
    if (!isNews(after)) return;
    if (decide(after)) tell();
    else later();
    emit("consent", after);
  },
  reset() {
    put(root, { a: uuid(), c: visitor().c });
    // It names the new visitor, so that a resend makes no other one.
    if (flows()) enqueue(compose("", {}), newKey("reset"));
    flush();
  },
  flush,
  ready: (callback: (datafly: Datafly) => void) => callback(datafly),
  on,
  debug,
} as unknown as { [name: string]: (...args: unknown[]) => void };

const push = (call: Call) =>
  safely(() => {
    const [name, ...args] = call;
    if (stage > 1 || "init,on,debug".includes(name)) pick(methods, name)(...args);
    else early.push(call);
  });

export const datafly = { version, push } as unknown as Datafly;
for (const name in methods) (datafly as unknown as typeof methods)[name] = (...args) => push([name, ...args]);

const begin = () => {
  openStore();
  stage = 2;
  if (visitor().w) tell();
  for (const part of parts) safely(() => part(datafly, settings, clean));
  // After the parts, so that what they tell while the page goes is queued before the queue says good-bye.
  openQueue();
  if (settings.pages === false) turnPage();
  else watchRoutes(pageByItself);
  setInterval(() => (allowance = 600), 6e4);
  // A refusal among them takes the first page view back.
  early.forEach(push);
};

/** Starts once: what comes later does not send elsewhere what has been recorded here. */
const start = (given?: { [name: string]: unknown }) => {
  if (stage) return;
  configure(given);
  need(settings.pipelineKey, "pipelineKey");
  stage = 1;
  // A prerendered page that nobody opens is no visit.
  if ((document as { prerendering?: boolean }).prerendering) addEventListener("prerenderingchange", () => safely(begin), true);
  else begin();
};

export const isStarted = () => stage > 0;

/** Sets up the collector, and starts it when it knows its pipeline key. */
export const boot = (given: readonly Part[], queued?: Call[]) => {
  parts = given;
  if (queued?.forEach) {
    queued.forEach(push);
    // Who has kept the queue goes on calling it.
    queued.push = push as never;
  }
  safely(start);
};
