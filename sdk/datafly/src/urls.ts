import { settings } from "./settings";

/** An address as it may leave the page: no fragment unless kept, no e-mail address, filtered as the source says. */
export const clean = (href: string) => {
  if (!href) return href;
  const url = new URL(href, location.href);
  settings.filter?.(url);
  if (!settings.hash) url.hash = "";
  return url.href.replace(/[^/?&=#:]+(@|%40)[^/?&=#]+\.[a-z]{2,}/gi, "");
};
