import type { Datafly, Part, Settings } from "./api";
import { boot, datafly as collector, isStarted } from "./datafly";
import { part as heartbeat } from "./parts/heartbeat";
import { part as links } from "./parts/links";
import { configure } from "./settings";

export type * from "./api";

/** On a server there is no visitor: every call is taken and nothing happens. */
const idle = new Proxy({} as Datafly, { get: (_, name) => (name == "then" ? undefined : () => undefined) });

/** The collector of this page. Calls made before `init` wait for it. */
export const datafly: Datafly = typeof window == "undefined" ? idle : collector;

/** Starts collecting. `endpoint` names the collection, for example `https://data.example.com/v1`. */
export const init = (settings: Settings & { pipelineKey: string; endpoint: string }, parts: readonly Part[] = [links, heartbeat]) => {
  if (typeof window != "undefined" && !isStarted()) {
    configure({ script: location.href, endpoint: "v1" });
    configure({ ...settings });
    boot(parts);
  }
  return datafly;
};

// As a call of the collector it is the same: without it nobody would have named the parts.
collector.init = (key: string | Settings, settings?: Settings) =>
  void init((typeof key == "string" ? { ...settings, pipelineKey: key } : key) as Parameters<typeof init>[0]);

export default datafly;
