import type { Part } from "../api";

const files = "7z|apk|avi|csv|dmg|docx?|epub|exe|gz|iso|jar|m4a|mov|mp[34]|msi|od[pst]|pdf|pkg|pptx?|rar|rpm|tar|txt|wav|xlsx?|xml|zip";

/** `File Downloaded` and `Link Clicked`. */
export const part: Part = (datafly, { downloads = true, outlinks = true, domains = "" }) => {
  const endings = RegExp(`\\.(${downloads === true ? files : downloads})$`, "i");
  const isOurs = (host: string) => [location.hostname, ...`${domains}`.split(",")].some((own) => own && (host == own || host.endsWith("." + own)));
  const clicked = (event: MouseEvent) => {
    const link = (event.composedPath()[0] as Element).closest?.<HTMLAnchorElement>("a[href],area[href]");
    if (!link || event.button > 1 || !/^http/.test(link.protocol)) return;
    const { href: url } = link;
    if (downloads && (link.hasAttribute("download") || endings.test(link.pathname))) datafly.track("File Downloaded", { url });
    else if (outlinks && !isOurs(link.hostname)) datafly.track("Link Clicked", { url });
  };
  for (const type of ["click", "auxclick"] as const) addEventListener(type, clicked, true);
};
