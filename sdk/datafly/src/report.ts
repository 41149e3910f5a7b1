import type { DataflyError, DataflyEvent, Listeners } from "./api";

type Listener = (...args: unknown[]) => void;

const listeners: { [name in keyof Listeners]: Listener[] } = { event: [], sent: [], error: [], consent: [] };
let isDebugged: unknown;
const warned: { [message: string]: boolean } = {};

/** Nothing of ours may throw into the page. */
export const safely = <Result>(work: () => Result) => {
  try {
    return work();
  } catch (error) {
    return fail({ code: "USAGE", message: `${error}` });
  }
};

/** What a table has under a name. */
export const pick = <Table extends object>(table: Table, name: keyof Table) => {
  if (!table[name]) throw (name as string) + ": expected " + Object.keys(table);
  return table[name];
};

export const on = (name: keyof Listeners, listener: unknown) => {
  pick(listeners, name).push(listener as Listener);
};

export const debug = () => {
  isDebugged = true;
};

export const emit = (name: keyof Listeners, ...args: unknown[]) => {
  if (isDebugged) console.log("[datafly]", name, ...args);
  listeners[name].forEach((listener) => safely(() => listener(...args)));
};

/** Says it once on the console, and what belongs to an event each time to listeners. */
export const fail = (error: DataflyError, event?: DataflyEvent): undefined => {
  const isNew = !warned[error.message];
  warned[error.message] = true;
  if (isNew) console.warn("[datafly]", error.message, error.code);
  if (isNew || event) emit("error", error, event);
};
