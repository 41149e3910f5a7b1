import type { Part } from "../api";

/** `Products Searched` from the address's parameters; count and category from `data-search-…` on the page. */
export const part: Part = (datafly, settings) => {
  if (!settings.sitesearch) return;
  const names = `${settings.sitesearch}` == "true" ? "q,query,s,search,searchword,k,keyword" : settings.sitesearch;
  let searched = "";
  datafly.on("event", ({ type, context: { page } }) => {
    const parameters = new URL(page.url).searchParams;
    const query = `${names}`.split(/[\s,]+/).map((name) => parameters.get(name)).find(Boolean);
    if (type != "page" || !query || searched == page.pv_id) return;
    searched = page.pv_id;
    const said = (name: string) => document.querySelector(`[data-search-${name}]`)?.getAttribute(`data-search-${name}`);
    const count = said("count");
    datafly.track("Products Searched", { query, category: said("category") || undefined, count: count ? +count : undefined });
  });
};
