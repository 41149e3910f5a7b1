import { settings } from "./settings";

/** Calls back for this page and for each that follows it. A replaced state counts only when the path changes. */
export const watchRoutes = (turned: () => void) => {
  let path: string;
  let query: string;
  const moved = (how?: string) => {
    const before = [path, query];
    path = location.pathname + (settings.hash == "route" ? location.hash : "");
    query = location.search;
    if (path != before[0] || (how != "replaceState" && query != before[1])) turned();
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      moved(name);
    };
  }
  addEventListener("popstate", () => moved());
  addEventListener("pageshow", (event) => event.persisted && turned());
  moved();
};
