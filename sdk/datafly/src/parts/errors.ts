import type { Part } from "../api";

/** `JavaScript Error`, each message once and ten a page at most. */
export const part: Part = (datafly, settings, clean) => {
  if (!settings.errors) return;
  const told = new Set<string>();
  const tell = (text: string, source?: string, line?: number) => {
    // Addresses in it are cleaned like any other; an e-mail address on its own goes.
    const message = text.slice(0, 1e3).replace(/\w+:\/\/[^\s"'<>]+/g, (url) => clean(url)).replace(/[^\s"'<>@]+@[^\s"'<>@]+\.[a-z]{2,}/gi, "");
    if (told.has(message) || told.size > 9) return;
    told.add(message);
    datafly.track("JavaScript Error", { message: message.slice(0, 500), source: source && clean(source), line });
  };
  addEventListener("error", (event) => event.message && tell(event.message, event.filename, event.lineno));
  addEventListener("unhandledrejection", (event) => tell(`${event.reason?.message || event.reason}`));
};
