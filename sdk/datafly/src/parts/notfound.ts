import type { Part } from "../api";

/** `Page Not Found` when the server answered this page with 404. */
export const part: Part = (datafly, settings) => {
  const [load] = performance.getEntriesByType("navigation") as (PerformanceEntry & { responseStatus?: number })[];
  let isMissing = settings.notfound && load?.responseStatus == 404;
  datafly.on("event", () => {
    if (!isMissing) return;
    isMissing = false;
    datafly.track("Page Not Found", { url: location.href });
  });
};
