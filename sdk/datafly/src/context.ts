import type { DataflyEvent, Properties } from "./api";
import { shortId } from "./identifiers";
import { settings } from "./settings";
import { visitor } from "./store";
import { clean } from "./urls";

declare const VERSION: string;
export const version = VERSION;

let referrer: string;
let address: string;
let pageView: string;
let loadedPageView: string;

/** Begins a page view: a new ID, and the previous route as the referrer. */
export const turnPage = () => {
  const here = clean(location.href);
  if (address != here) referrer = address || clean(document.referrer);
  address = here;
  pageView = shortId();
  loadedPageView ||= pageView;
};

/** The page as it is now. */
export const currentPage = () => {
  const url = clean(location.href);
  const { pathname: path, search } = new URL(url);
  return { url, path, search, title: document.title, referrer };
};

const campaign = (search: string) => {
  const found: Properties = {};
  new URLSearchParams(search).forEach((value, name) => {
    const [, term] = /^(?:utm|mtm)_(.+)/.exec(name) || [];
    if (term) found[term == "campaign" ? "name" : term] = value;
  });
  return found;
};

/** ISO 8601 with the visitor's offset. Swedish writes dates that way. */
const localTime = (now: Date) => now.toLocaleString("sv").replace(" ", "T") + `${now}`.replace(/.*GMT(...)(..).*/, "$1:$2");

export const currentContext = (now: Date) => {
  const page = currentPage();
  const { t: traits, g: groupId } = visitor();
  return {
    page: { ...page, pv_id: pageView },
    campaign: campaign(page.search),
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    localTime: localTime(now),
    screen: { width: screen.width, height: screen.height },
    library: { name: "datafly.js", version },
    traits,
    groupId,
  };
};

/** Matomo's page timings in whole milliseconds, as far as they are known by now. */
const timings = () => {
  const found: Properties = {};
  const times = (performance.getEntriesByType("navigation")[0] || {}) as unknown as { [name: string]: number };
  let before: number;
  // A mark's name in Matomo is that of the span between it and the mark before.
  "fetchStart,connectEnd net,requestStart,responseStart srv,responseEnd tfr,domInteractive dm1,domComplete dm2,loadEventStart,loadEventEnd onl".split(",").forEach((mark) => {
    const [at, name] = mark.split(" ");
    const now = times[at];
    if (name && now && now >= before) found["pf_" + name] = Math.round(now - before);
    before = now;
  });
  return found;
};

/** Adds what is known only later: a route sets its title after the address, timings end after the load. */
export const complete = (event: DataflyEvent) => {
  const { context, properties, type } = event;
  const { page } = context;
  context.consent = visitor().c;
  context.userAgentData = settings.agent || (navigator as { userAgentData?: object }).userAgentData;
  if (page.pv_id == pageView) {
    if (type == "page") {
      if (properties!.title == page.title) properties!.title = document.title;
      if (pageView == loadedPageView) context.performance = timings();
    }
    page.title = document.title;
  }
  return event;
};
