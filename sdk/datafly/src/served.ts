import type { Datafly, Part } from "./api";
import { boot, datafly } from "./datafly";

/** Given by the composition, see README: the source's settings, and the parts it uses. */
declare const SETTINGS: object;
declare const PARTS: readonly Part[];

type Page = { [name: string]: unknown };

const tag = document.currentScript as HTMLScriptElement | null;
const page = window as unknown as Page;
const values = { script: tag?.src || location.href, ...SETTINGS, ...tag?.dataset } as { global?: string };
const name = values.global || "datafly";
const queued = page[name] as (readonly [string])[] & Partial<Datafly>;

// A second copy leaves the work to the first.
if (!queued?.version) {
  page[name] = datafly;
  boot(values, PARTS, queued);
}
