import type { ConsentState, Properties } from "./api";
import { safely } from "./report";
import { isFree, settings } from "./settings";

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
/** The storage, or `""`, which holds nothing. */
let disk = "" as unknown as Box;

/** The decision as this tab knows it. */
let known: string;

/** Every key of ours begins with it; the visitor's record has exactly this one. */
export let root: string;

export const peek = (key: string) => memory[key] || disk[key];

/** Whether it is here and goes with the page. */
export const isFleeting = (key: string) => memory[key];

export const drop = (key: string) => {
  delete memory[key];
  delete disk[key];
};

/** The keys that begin so. */
export const keys = (prefix: string) => Object.keys({ ...disk, ...memory }).filter((key) => key.startsWith(prefix));

/** What is kept under a key; what another script broke is nothing. */
export const read = (key: string) => safely(() => JSON.parse(peek(key) || "0")) || {};

export const visitor = (): Visitor => read(root);

/** Whether this tab did not know that decision, which it does from now on. */
export const isNews = (consent?: ConsentState) => known != (known = JSON.stringify({ ...consent }));

export const openStore = () => {
  root = "_df." + settings.pipelineKey;
  try {
    if (!settings.cookieless) disk = (localStorage as unknown as Box) || disk;
  } catch {
    // Blocked: memory it is.
  }
  isNews(visitor().c);
};

/** May events flow? 1 yes, ½ the visitor has not decided, 0 refused. */
export const gate = (consent = visitor().c) => {
  const decided: ConsentState = { essential: true, ...consent };
  const granted = `${settings.purposes}`.split(/[\s,]+/).map((purpose) => +(decided[purpose] ?? (isFree() || 0.5)));
  return Math.min(settings.hold || 1, Math.max(...granted));
};

export const flows = () => gate() == 1;

/** Keeps it in storage where that is allowed and there is room, else in memory. */
export const put = <Value>(key: string, value: Value, isKept: unknown = flows()) => {
  memory[key] = JSON.stringify(value);
  try {
    if (isKept && disk) {
      disk[key] = memory[key];
      delete memory[key];
    }
  } catch {
    // Full: memory it is.
  }
  return value;
};

/** Changes the visitor's record. */
export const know = (changes: Visitor) => put(root, { ...visitor(), ...changes });

/** What waited in memory for the visitor's word is kept as soon as it may be; a pause of this page alone is not. */
export const release = () => Object.keys(memory).forEach((key) => key == root + "~" || put(key, read(key)));

/**
 * Another tab has taken over a decision, which holds here too. A refusal is noted, for its record goes when the server has
 * been told; what this tab is telling of the same one stays. Answers the decision when this tab did not know it.
 */
export const follow = () => {
  settings.hold = false;
  delete memory[root];
  const { c } = visitor();
  const isNew = isNews(c);
  if (!gate()) {
    if (isNew) memory = {};
    put(root, { c });
  }
  return isNew && c;
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
  // Where it was refused, nothing waits but word of that, which a grant overtakes.
  if (!now || !was) keys(root).forEach(drop);
  put(root, { ...(now ? before : w && { a: before.a }), c: consent, w }, now == 1 || w || isFree());
  return was == 1 || w;
};
