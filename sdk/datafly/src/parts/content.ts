import type { Part } from "../api";

const marked = "[data-track-content]";

const find = (block: Element, name: string) => {
  const selector = `[data-content-${name}]`;
  const holder = block.matches(selector) ? block : block.querySelector(selector);
  return holder?.getAttribute(`data-content-${name}`) || holder;
};

const describe = (block: Element) => {
  const [name, piece, target] = ["name", "piece", "target"].map((part) => find(block, part));
  const image = piece instanceof Element ? piece : block.querySelector<HTMLElement>("img,video,audio");
  const link = target instanceof Element ? target : block.closest("a") || block.querySelector("a");
  const source = (image as HTMLImageElement | null)?.src;
  const content_piece = (typeof piece == "string" && piece) || source || "Unknown";
  return {
    content_name: (typeof name == "string" && name) || source || "Unknown",
    content_piece,
    content_target: (typeof target == "string" && target) || (link as HTMLAnchorElement | null)?.href,
  };
};

/** `Content Impression` once a page view for a block at least half in view, `Content Interaction` for clicks in it. */
export const part: Part = (datafly, settings) => {
  if (settings.content === false) return;
  let seen = new WeakSet<Element>();
  const watcher = new IntersectionObserver(
    (entries) =>
      entries.forEach(({ isIntersecting, target }) => {
        if (!isIntersecting || seen.has(target)) return;
        seen.add(target);
        datafly.track("Content Impression", describe(target));
      }),
    { threshold: 0.5 },
  );
  const look = () => document.querySelectorAll(marked).forEach((block) => watcher.observe(block));
  const again = () => {
    seen = new WeakSet();
    watcher.disconnect();
    look();
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  datafly.on("event", (event) => event.type == "page" && again());
  addEventListener(
    "click",
    (event) => {
      const from = event.composedPath()[0] as Element;
      const block = from.closest?.(marked);
      if (block && !from.closest("[data-content-ignoreinteraction]")) datafly.track("Content Interaction", { ...describe(block), content_interaction: "click" });
    },
    true,
  );
};
