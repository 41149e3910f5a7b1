import type { Part } from "../api";

const marked = "[data-track-content]";

/** What a block says of itself in `data-content-…`, else by the first element of a kind in it. */
const describe = (block: Element, clean: (url: string) => string) => {
  const find = (name: string, kind: string) => {
    const attribute = `data-content-${name}`;
    const holder = [block, ...block.querySelectorAll("*")].find((each) => each.hasAttribute(attribute)) || block.querySelector(kind);
    const value = holder?.getAttribute(attribute) || (holder as HTMLImageElement)?.src || (holder as HTMLAnchorElement)?.href;
    return value && /^\w+:/.test(value) ? clean(value) : value;
  };
  const content_piece = find("piece", "img,video,audio") || "Unknown";
  return { content_name: find("name", "img,video,audio") || content_piece, content_piece, content_target: find("target", "a") };
};

/** `Content Impression` once a page view for a block at least half in view, `Content Interaction` for clicks in it. */
export const part: Part = (datafly, { content }, clean) => {
  if (!content) return;
  const seen = new Set<Element>();
  const watcher = new IntersectionObserver(
    (entries) =>
      entries.forEach(({ isIntersecting, target }) => {
        if (!isIntersecting || seen.has(target)) return;
        seen.add(target);
        datafly.track("Content Impression", describe(target, clean));
      }),
    { threshold: 0.5 },
  );
  const look = () => document.querySelectorAll(marked).forEach((block) => watcher.observe(block));
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  datafly.on("event", ({ type }) => {
    if (type != "page") return;
    seen.clear();
    watcher.disconnect();
    look();
  });
  addEventListener(
    "click",
    ({ target }) => {
      // A document has no ancestors.
      const block = (target as Element).closest?.(marked);
      if (block && !(target as Element).closest("[data-content-ignoreinteraction]"))
        datafly.track("Content Interaction", { ...describe(block, clean), content_interaction: "click" });
    },
    true,
  );
};
