import type { Datafly, Part } from "./api";
import { boot, datafly } from "./datafly";
import { configure, settings } from "./settings";

/** Given by the composition, see README: the source's settings, and the parts it uses. */
declare const SETTINGS: object;
declare const PARTS: readonly Part[];

declare const globalThis: { [name: string]: unknown };

const { src: script, dataset } = (document.currentScript || {}) as Partial<HTMLScriptElement>;
configure({ script, ...SETTINGS, ...dataset });
const name = settings.global!;
const queued = globalThis[name] as [string][] & Partial<Datafly>;

// A second copy leaves the work to the first.
if (!queued?.version) {
  globalThis[name] = datafly;
  boot(PARTS, queued);
}
