import type { DataflyEvent, Listeners } from "./api";

type Listener = (...args: unknown[]) => void;

const listeners: [name: string, listener: Listener][] = [];
const warned: { [message: string]: boolean } = {};

/** Nothing of ours may throw into the page. */
export const safely = <Result>(work: () => Result) => {
  try {
    return work();
  } catch (error) {
    console.warn("[datafly]", error);
    return undefined;
  }
};

export const on = (name: keyof Listeners, listener: unknown) => {
  listeners.push([name, listener as Listener]);
};

export const emit = (name: keyof Listeners, ...args: unknown[]) =>
  listeners.forEach(([wanted, listener]) => wanted == name && safely(() => listener(...args)));

/** Says it once on the console, and each time to listeners. */
export const fail = (code: string, message: string, event?: DataflyEvent) => {
  if (!warned[message]) console.warn("[datafly]", code, message);
  warned[message] = true;
  emit("error", { code, message }, event);
};
