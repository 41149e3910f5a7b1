import { settings } from "./settings";

/** An address as it may leave the page: no fragment unless kept, nothing like an e-mail address (`logo@2x.png` is none), filtered as the source says. */
export const clean = (href: string) => {
  if (!href) return href;
  try {
    const url = new URL(href, location.href);
    settings.filter?.(url);
    if (!settings.hash) url.hash = "";
    href = url.href;
  } catch {
    // No address: text.
  }
  return href.replace(/[^/?&=#:\s]+(@|%40)[^/?&=#:\s]+\.[a-z]{2,}/gi, "");
};
