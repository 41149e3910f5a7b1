import type { DataflyEvent, Properties } from "./api";
import { uuid } from "./identifiers";
import { settings } from "./settings";
import { read, visitor } from "./store";
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
  if (address != clean(location.href)) referrer = address || clean(document.referrer);
  noteTitle();
  pageView = uuid().slice(0, 6);
  loadedPageView ||= pageView;
};

export const currentContext = () => {
  address = clean(location.href);
  const { pathname: path, search, searchParams } = new URL(address);
  const campaign: Properties = {};
  for (const [name, value] of searchParams) if (/^[um]tm_/.test(name)) campaign[name.slice(4).replace("campaign", "name")] = value;
  const { t: traits, g: groupId } = visitor();
  return {
    page: { url: address, path, search, title: document.title, referrer, pv_id: pageView },
    campaign,
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    // What the visitor's clock shows, `2026-03-01 13:00:05`; the offset is that of `timezone`.
    localTime: new Date().toLocaleString("sv"),
    screen: { width: screen.width, height: screen.height },
    library: { name: "datafly.js", version },
    traits,
    groupId,
  };
};

/** What waits under a key, with what is known only later: a route's title, the marks of the load, the decision. */
export const complete = (key: string): DataflyEvent & { forget?: true } => {
  const event = read(key);
  const { context, type } = event;
  if (!context) return event;
  const { page } = context;
  noteTitle();
  page.title = titles[page.pv_id] ?? page.title;
  context.consent = visitor().c;
  context.userAgentData = settings.agent || (navigator as { userAgentData?: object }).userAgentData;
  if (type == "page") {
    event.properties = { ...page, ...event.properties };
    // By the older interface, as it is in every browser and has whole milliseconds. The server knows which spans are meant.
    if (page.pv_id == loadedPageView) context.performance = performance.timing;
  }
  return event;
};
