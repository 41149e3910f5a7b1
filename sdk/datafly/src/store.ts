import type { ConsentState, Properties } from "./api";
import { safely } from "./report";
import { isFree, list, settings } from "./settings";

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
let disk: Box = {};

/** Has there been a grant on this page? Where one is needed, its record's end is a refusal, told in another tab. */
let wasGranted = false;

/** Every key of ours begins with it; the visitor's record has exactly this one. */
export let root: string;

export const peek = (key: string) => memory[key] || disk[key];

export const drop = (key: string) => {
  delete memory[key];
  if (disk[key]) delete disk[key];
};

export const keys = () => [memory, disk].flatMap(Object.keys);

/** What is kept under a key; what another script broke is nothing. */
export const read = (key: string) => safely(() => JSON.parse(peek(key) || "{}")) || {};

export const visitor = (): Visitor => read(root);

export const openStore = () => {
  root = "_df." + settings.pipelineKey;
  try {
    if (!settings.cookieless) disk = (localStorage as unknown as Box) || disk;
  } catch {
    // Blocked: memory it is.
  }
};

/** May events flow? 1 yes, ½ the visitor has not decided, 0 refused. */
export const gate = (consent = visitor().c) => {
  const decided: ConsentState = { essential: true, "": false, ...consent };
  const now = Math.max(...list(settings.purposes!).map((purpose) => +(decided[purpose] ?? (isFree() || (wasGranted ? 0 : 0.5)))));
  wasGranted ||= now == 1;
  return now;
};

export const flows = () => gate() == 1;

/** Keeps it in storage where that is allowed and there is room, else in memory. */
export const put = (key: string, value: string, isKept = flows()) => {
  memory[key] = value;
  try {
    if (isKept) {
      disk[key] = value;
      delete memory[key];
    }
  } catch {
    // Full: memory it is.
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
 * with the ID that the server must stop at, until the server has been told. Answers whether that is to be told it.
 */
export const decide = (consent: ConsentState, isTold?: boolean) => {
  const was = gate();
  const now = gate(consent);
  const before = visitor();
  const w = !now && !isTold && (was == 1 || before.w);
  const held = memory;
  if (now != 0.5) memory = {};
  // Where it was refused, nothing waits but word of that, which a grant overtakes.
  if (was && now == 1) for (const key in held) put(key, held[key], true);
  if (!now) for (const key in disk) if (key.startsWith(root)) delete disk[key];
  put(root, JSON.stringify({ ...(now ? before : w && { a: before.a }), c: consent, w }), now == 1 || w || isFree());
  return was == 1 || w;
};
