import { vi } from "vitest";
import type { Answer, Datafly, DataflyEvent, Part, Settings } from "../src/api";

export interface Request {
  path: string;
  body: { batch?: DataflyEvent[]; sentAt?: string; writeKey: string; forget?: true };
  init: RequestInit;
}

type Reply = { status?: number; body?: unknown; headers?: Record<string, string> } | "network error";

let isOffline = false;

/** The network is gone, or back again. */
export const offline = (isGone: boolean) => (isOffline = isGone);

/** A page with a collector of its own and a server that answers as told. */
export class Page {
  readonly requests: Request[] = [];
  readonly beacons: Request[] = [];
  readonly warnings: unknown[][] = [];
  /** Answers to come; when used up, the server accepts everything. */
  replies: Reply[] = [];
  datafly!: Datafly;

  /** Events of all requests, each once. */
  get events() {
    const all = [...this.requests, ...this.beacons].flatMap((request) => request.body.batch ?? []);
    return [...new Map(all.map((event) => [event.messageId, event])).values()];
  }

  get names() {
    return this.events.map((event) => event.event ?? event.type);
  }

  private answer(path: string, init: RequestInit) {
    if (isOffline) return Promise.reject(new TypeError("Failed to fetch"));
    const request = { path, body: JSON.parse(init.body as string), init };
    this.requests.push(request);
    const reply = this.replies.shift() ?? {};
    if (reply === "network error") return Promise.reject(new TypeError("Failed to fetch"));
    const body: Answer = { success: true, accepted: request.body.batch?.length, errors: [] };
    return Promise.resolve(new Response(JSON.stringify(reply.body ?? body), { status: reply.status ?? 200, headers: reply.headers }));
  }

  /** Loads the collector into the page as the script would. */
  async load(settings: Settings = {}, parts: Part[] = [], queued: [string, ...unknown[]][] = [], script = "https://data.example.com/d.js") {
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => this.answer(new URL(url).pathname, init));
    navigator.sendBeacon = ((url: string, body: string) => {
      this.beacons.push({ path: new URL(url).pathname, body: JSON.parse(body), init: {} });
      return true;
    }) as typeof navigator.sendBeacon;
    vi.spyOn(console, "warn").mockImplementation((...args) => void this.warnings.push(args));
    vi.resetModules();
    const { boot, datafly } = await import("../src/datafly");
    const { configure } = await import("../src/settings");
    configure({ script, endpoint: "v1", pipelineKey: "dk_test_1", ...settings });
    boot(parts, queued);
    this.datafly = datafly;
    return this;
  }

  /** Lets the queue's second pass. */
  async rest(milliseconds = 1_100) {
    await vi.advanceTimersByTimeAsync(milliseconds);
  }

  stored(prefix = "_df.") {
    return Object.fromEntries(Object.entries({ ...localStorage } as Record<string, string>).filter(([key]) => key.startsWith(prefix)));
  }
}

/** A page loaded with these settings, its first second gone. */
export const somePage = async (settings?: Settings, parts?: Part[], queued?: [string, ...unknown[]][]) => {
  const page = await new Page().load(settings, parts, queued);
  await page.rest();
  return page;
};

type Listener = [target: EventTarget, type: string, listener: EventListenerOrEventListenerObject, options?: unknown];
const added: Listener[] = [];

/** The storage as browsers have it, where deleting what is not there is no error, as it is in happy-dom's. */
const faithful = (storage: Storage) =>
  new Proxy(storage, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      return typeof value == "function" ? value.bind(target) : value;
    },
    deleteProperty: (target, name) => {
      target.removeItem(name as string);
      return true;
    },
  });

/** Each test begins as on a new page: no storage, no listeners of earlier collectors, no patched history. */
export const freshPage = () => {
  isOffline = false;
  vi.useFakeTimers({ now: new Date("2026-03-01T10:00:00Z") });
  vi.stubGlobal("localStorage", faithful(localStorage));
  localStorage.clear();
  document.body.innerHTML = "";
  document.title = "Start";
  for (const target of [window, document] as EventTarget[]) {
    const original = target.addEventListener;
    vi.spyOn(target, "addEventListener").mockImplementation((type: string, listener: never, options?: never) => {
      added.push([target, type, listener, options]);
      original.call(target, type, listener, options);
    });
  }
};

/** The page is gone: nothing of it runs any more. What is stored stays. */
export const unload = () => {
  for (const [target, type, listener, options] of added.splice(0)) target.removeEventListener(type, listener, options as never);
  const now = Date.now();
  vi.clearAllTimers();
  vi.setSystemTime(now);
};

export const leavePage = () => {
  unload();
  delete (history as { pushState?: unknown }).pushState;
  delete (history as { replaceState?: unknown }).replaceState;
  history.replaceState({}, "", "/start?utm_source=news&utm_campaign=spring");
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
};
