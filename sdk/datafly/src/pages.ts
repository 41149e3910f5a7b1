import { settings } from "./settings";

/** Calls back when the address becomes another page's. Replacing the state counts only when the path changes. */
export const watchRoutes = (turned: () => void) => {
  let last = new URL(location.href);
  const moved = (how?: string) => {
    const before = last;
    last = new URL(location.href);
    if (last.pathname != before.pathname || (how != "replaceState" && last.search != before.search) || (settings.hash == "route" && last.hash != before.hash)) turned();
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
};
