import type { ConsentState, Properties } from "./api";
import { list, optIn, settings } from "./settings";

/** What is known of the visitor. Names are short because they are stored. */
interface Visitor {
  /** anonymous ID; the server's cookie goes before it */
  a?: string;
  /** user ID */
  u?: string;
  /** traits */
  t?: Properties;
  /** group ID */
  g?: string;
  /** consent */
  c?: ConsentState;
}

type Box = { [key: string]: string };

/** What must not be stored, or cannot be, lives as long as the page. */
let memory: Box = {};
let disk = memory;

/** Every key of ours begins with it; the visitor's record has exactly this one. */
export let root: string;

export const openStore = () => {
  root = "_df." + settings.pipelineKey;
  try {
    if (!settings.cookieless) disk = localStorage as unknown as Box;
  } catch {
    // Blocked: memory it is.
  }
};

export const visitor = (): Visitor => JSON.parse(disk[root] || memory[root] || "{}");

/** May events flow? 1 yes, 0 the visitor has not decided, −1 refused. */
export const gate = (consent = visitor().c) => {
  const decided: ConsentState = { essential: true, none: false, ...consent };
  return Math.max(...list(settings.purposes ?? "analytics").map((purpose) => (decided[purpose] ? 1 : decided[purpose] == null ? +!optIn() : -1)));
};

/** Where entries are now. */
export const box = () => (gate() > 0 ? disk : memory);

export const put = (key: string, value: string) => {
  try {
    box()[key] = value;
  } catch {
    // Full: this page goes on in memory.
    disk = { ...disk, [key]: value };
  }
};

/** Changes the visitor's record. */
export const know = (changes: Visitor) => {
  const record = { ...visitor(), ...changes };
  put(root, JSON.stringify(record));
  return record;
};

/** Takes over a decision. Only where events flow by default must a refusal itself be remembered. */
export const decide = (consent: ConsentState) => {
  const now = gate(consent);
  const record = JSON.stringify({ ...(now < 0 ? {} : visitor()), c: consent });
  if (now > 0) Object.assign(disk, memory);
  if (now < 0) Object.keys(disk).forEach((key) => key.startsWith(root) && delete disk[key]);
  if (now) memory = {};
  (now > 0 || (now && !optIn()) ? disk : memory)[root] = record;
};
