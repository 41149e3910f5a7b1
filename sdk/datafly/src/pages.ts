import { navigation } from "./navigation";
import { later } from "./queue";
import { settings } from "./settings";

/**
 * Calls back for this page and for each that follows it in the same document: as the Navigation API tells, or the
 * patched history of a browser without. A replaced state counts only when the path changes, and then not as another
 * page while the one before has not been sent: nobody has seen that.
 */
export const watchRoutes = (turned: (isAnother?: unknown) => void) => {
  let path: string;
  let query: string;
  const moved = (isPushed?: unknown) => {
    const before = path;
    const asked = query;
    path = location.pathname + (settings.hash == "route" ? location.hash : "");
    query = location.search;
    if (path != before || (isPushed && query != asked)) turned(isPushed);
  };
  if (navigation) {
    navigation.addEventListener("currententrychange", (event) => moved((event as unknown as { navigationType: string }).navigationType != "replace"));
    // The application has rendered the route: its title holds. The transition is over a moment later.
    navigation.addEventListener("navigatesuccess", () => setTimeout(later));
  } else {
    for (const name of ["pushState", "replaceState"] as const) {
      const original = history[name];
      history[name] = (...args) => {
        original.apply(history, args);
        moved(name == "pushState");
      };
    }
    // Before the application's own listener, which may set the next title at once.
    addEventListener("popstate", moved, true);
  }
  addEventListener("pageshow", (event) => event.persisted && turned(event));
  moved();
};
