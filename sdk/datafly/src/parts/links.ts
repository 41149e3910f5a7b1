import type { Part } from "../api";

const files = "\\wz|(doc|ppt|xls)x?|apk|csv|dmg|epub|exe|iso|mov|mp\\d|msi|od.|pdf|pkg|rar|tar|txt|wav|xml|zip";

/** `File Downloaded` and `Link Clicked`. */
export const part: Part = (datafly, { downloads = true, outlinks = true, domains }) => {
  const endings = RegExp(`\\.(${`${downloads}` == "true" ? files : downloads})$`, "i");
  const ours = `${[location.hostname, domains]}`.split(/[\s,]+/);
  const clicked = (event: MouseEvent) => {
    const link = event.composedPath().find((each) => (each as Element).matches?.("a,area")) as HTMLAnchorElement | undefined;
    if (!link || event.button > 1 || !/^http/.test(link.protocol)) return;
    const isFile = downloads && (link.matches("[download]") || endings.test(link.pathname));
    if (isFile || (outlinks && !ours.some((own) => `.${link.hostname}`.endsWith("." + own)))) datafly.track(isFile ? "File Downloaded" : "Link Clicked", { url: link.href });
  };
  for (const type of ["click", "auxclick"] as const) addEventListener(type, clicked, true);
};
