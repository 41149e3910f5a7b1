import { settings } from "./settings";

/** An address as it may leave the page: no fragment unless kept, nothing like an e-mail address (`logo@2x.png` is none), filtered as the source says. */
export const clean = (href: string, part: "href" | "pathname" | "search" = "href") => {
  try {
    const url = new URL(href, href && location.href);
    settings.filter?.(url);
    if (!settings.hash) url.hash = "";
    href = url[part] || href;
  } catch {
    // No address: text.
  }
  return href.replace(/[\w.%+-]{1,64}(@|%(25)*40)(?![\d.]+x\.)[\w.%+-]{1,64}\.[a-z]{2,}/gi, "");
};
