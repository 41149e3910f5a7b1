import type { DataflyError, DataflyEvent, Listeners } from "./api";

type Listener = (...args: unknown[]) => void;

const listeners: { [name: string]: Listener[] } = {};
let isDebugged = false;
const warned: { [message: string]: boolean } = {};

/** Nothing of ours may throw into the page. */
export const safely = <Result>(work: () => Result) => {
  try {
    return work();
  } catch (error) {
    fail({ code: "USAGE", message: `${error}` });
    return undefined;
  }
};

export const on = (name: keyof Listeners, listener: unknown) => {
  (listeners[name] ||= []).push(listener as Listener);
};

export const debug = () => {
  isDebugged = true;
};

export const emit = (name: keyof Listeners, ...args: unknown[]) => {
  if (isDebugged) console.log("[datafly]", name, ...args);
  listeners[name]?.forEach((listener) => safely(() => listener(...args)));
};

/** Says it once on the console, and what belongs to an event each time to listeners. */
export const fail = (error: DataflyError, event?: DataflyEvent) => {
  const isNew = !warned[error.message];
  warned[error.message] = true;
  if (isNew) console.warn("[datafly]", error.message, error.code);
  if (isNew || event) emit("error", error, event);
};
