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

/** The last title of each page view: a route sets its title after its address. */
const titles: { [pageView: string]: string } = {};

const noteTitle = () => {
  titles[pageView] = document.title;
};

/** Begins a page view: a new ID, and the previous route as the referrer. */
export const turnPage = () => {
  const here = clean(location.href);
  if (address != here) referrer = address || clean(document.referrer);
  address = here;
  noteTitle();
  pageView = shortId();
  loadedPageView ||= pageView;
};

const campaign = (parameters: URLSearchParams) => {
  const found: Properties = {};
  parameters.forEach((value, name) => {
    if (/^[um]tm_/.test(name)) found[name.slice(4).replace("campaign", "name")] = value;
  });
  return found;
};

/** What the visitor's clock shows; the offset is that of `timezone`. */
const localTime = (now: Date) => now.toLocaleString("sv").replace(" ", "T");

export const currentContext = (now: Date) => {
  const url = clean(location.href);
  const { pathname: path, search, searchParams } = new URL(url);
  const { t: traits, g: groupId } = visitor();
  return {
    page: { url, path, search, title: document.title, referrer, pv_id: pageView },
    campaign: campaign(searchParams),
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
  const span = (name: string, from: string, to: string) => {
    if (times[to]) found["pf_" + name] = Math.round(times[to] - times[from]);
  };
  span("net", "fetchStart", "connectEnd");
  span("srv", "requestStart", "responseStart");
  span("tfr", "responseStart", "responseEnd");
  span("dm1", "responseEnd", "domInteractive");
  span("dm2", "domInteractive", "domComplete");
  span("onl", "loadEventStart", "loadEventEnd");
  return found;
};

/** Adds what is known only later: a route's title, the timings of the load. */
export const complete = <Entry extends DataflyEvent>(event: Entry) => {
  const { context, type } = event;
  if (!context) return event;
  const { page } = context;
  noteTitle();
  page.title = titles[page.pv_id] ?? page.title;
  context.consent = visitor().c;
  context.userAgentData = settings.agent || (navigator as { userAgentData?: object }).userAgentData;
  if (type == "page") {
    event.properties = { ...page, ...event.properties };
    if (page.pv_id == loadedPageView) context.performance = timings();
  }
  return event;
};
