import type { Part } from "../api";

const files = "7z|apk|csv|dmg|docx?|epub|exe|gz|iso|mov|mp[34]|msi|od[pst]|pdf|pkg|pptx?|rar|tar|txt|wav|xlsx?|xml|zip";

/** `File Downloaded` and `Link Clicked`. */
export const part: Part = (datafly, { downloads = true, outlinks = true, domains = "" }) => {
  const endings = RegExp(`\\.(${`${downloads}` == "true" ? files : downloads})$`, "i");
  const ours = [location.hostname, ...`${domains}`.split(/[\s,]+/)];
  const clicked = (event: MouseEvent) => {
    const link = event.composedPath().find((each) => (each as Element).matches?.("a,area")) as HTMLAnchorElement | undefined;
    if (!link || event.button > 1 || !/^http/.test(link.protocol)) return;
    const isFile = downloads && (link.hasAttribute("download") || endings.test(link.pathname));
    if (isFile || (outlinks && !ours.some((own) => own && `.${link.hostname}`.endsWith("." + own)))) datafly.track(isFile ? "File Downloaded" : "Link Clicked", { url: link.href });
  };
  for (const type of ["click", "auxclick"] as const) addEventListener(type, clicked, true);
};
