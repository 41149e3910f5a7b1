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
  /** withdrawn, and the server has not answered to that yet */
  w?: boolean;
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

/** May events flow? 1 yes, ½ the visitor has not decided, 0 refused. */
export const gate = (consent = visitor().c) => {
  const decided: ConsentState = { essential: true, "": false, ...consent };
  return Math.max(...list(settings.purposes!).map((purpose) => +(decided[purpose] ?? (optIn() ? 0.5 : 1))));
};

export const flows = () => gate() == 1;

/** Where entries are now. */
export const box = () => (flows() ? disk : memory);

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

/**
 * Takes over a decision. A refusal removes everything of ours, and is itself kept only where events flow by default, or,
 * with the ID that the server must stop at, until the server has been told.
 */
export const decide = (consent: ConsentState, isTold?: boolean) => {
  const was = gate();
  const now = gate(consent);
  const before = visitor();
  const w = !now && !isTold && (was == 1 || before.w);
  // Where it was refused, nothing waits but word of that, which a grant overtakes.
  if (was && now == 1) Object.assign(disk, memory);
  if (!now) for (const key in disk) if (key.startsWith(root)) delete disk[key];
  if (now != 0.5) memory = {};
  (now == 1 || w || !optIn() ? disk : memory)[root] = JSON.stringify({ ...(now ? before : w && { a: before.a }), c: consent, w });
};
