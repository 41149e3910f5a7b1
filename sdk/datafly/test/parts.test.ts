import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ConsentState, Part, Settings } from "../src/api";
import { part as cookie } from "../src/parts/consent-cookie";
import { part as cookiebot } from "../src/parts/consent-cookiebot";
import { part as didomi } from "../src/parts/consent-didomi";
import { part as gcm } from "../src/parts/consent-gcm";
import { part as klaro } from "../src/parts/consent-klaro";
import { part as onetrust } from "../src/parts/consent-onetrust";
import { part as osano } from "../src/parts/consent-osano";
import { part as tcf } from "../src/parts/consent-tcf";
import { part as usercentrics } from "../src/parts/consent-usercentrics";
import { part as content } from "../src/parts/content";
import { part as errors } from "../src/parts/errors";
import { part as heartbeat } from "../src/parts/heartbeat";
import { part as hints } from "../src/parts/hints";
import { part as links } from "../src/parts/links";
import { part as notfound } from "../src/parts/notfound";
import { part as sitesearch } from "../src/parts/sitesearch";
import { freshPage, leavePage, Page, somePage } from "./collector";

beforeEach(freshPage);
afterEach(leavePage);

const globals = globalThis as unknown as { [name: string]: unknown };

const click = (html: string, init: MouseEventInit = {}) => {
  document.body.innerHTML = html;
  const target = document.querySelector("[data-here]") ?? document.body.querySelector("a,button,div")!;
  target.addEventListener("click", (event) => event.preventDefault());
  target.dispatchEvent(new MouseEvent(init.button ? "auxclick" : "click", { bubbles: true, composed: true, cancelable: true, ...init }));
};

describe("features", () => {
  it.each<[string, string, object | undefined, Settings?]>([
    ["an outlink", '<a href="https://partner.example.net/offer">x</a>', { event: "Link Clicked", url: "https://partner.example.net/offer" }],
    ["a child of an outlink", '<a href="https://partner.example.net/offer"><b data-here>x</b></a>', { event: "Link Clicked", url: "https://partner.example.net/offer" }],
    ["a file", '<a href="/files/prices.pdf?v=2">x</a>', { event: "File Downloaded", url: "https://shop.example.com/files/prices.pdf?v=2" }],
    ["a file elsewhere", '<a href="https://cdn.example.net/a.zip">x</a>', { event: "File Downloaded", url: "https://cdn.example.net/a.zip" }],
    ["a download attribute", '<a href="/export" download>x</a>', { event: "File Downloaded", url: "https://shop.example.com/export" }],
    ["an own page", '<a href="/about">x</a>', undefined],
    ["an own subdomain", '<a href="https://blog.shop.example.com/">x</a>', undefined],
    ["an own domain by setting", '<a href="https://help.example.org/">x</a>', undefined, { domains: "example.org" }],
    ["a mail address", '<a href="mailto:a@example.com">x</a>', undefined],
    ["outlinks switched off", '<a href="https://partner.example.net/">x</a>', undefined, { outlinks: false }],
    ["downloads switched off", '<a href="/a.pdf">x</a>', undefined, { downloads: false }],
    ["other endings", '<a href="/a.step">x</a>', { event: "File Downloaded", url: "https://shop.example.com/a.step" }, { downloads: "step|iges" }],
  ])("Click_On %s_IsTold", async (_, html, expected, settings) => {
    const page = await somePage(settings, [links]);
    click(html);
    await page.rest();
    const told = page.events.slice(1).map((event) => ({ event: event.event, url: event.properties!.url }));
    expect(told).toEqual(expected ? [expected] : []);
  });

  it("Downloads_AsTheTextTrue_AreTheUsualEndings", async () => {
    const page = await somePage({ downloads: "true", outlinks: false }, [links]);
    click('<a href="/prices.pdf">x</a>');
    await page.rest();
    expect(page.names).toEqual(["page", "File Downloaded"]);
  });

  it("Click_InAWebComponentInALink_IsTold", async () => {
    const page = await somePage({}, [links]);
    document.body.innerHTML = '<a href="https://partner.example.net/"><b></b></a>';
    document.querySelector("a")!.addEventListener("click", (event) => event.preventDefault());
    const inner = document.querySelector("b")!.attachShadow({ mode: "open" }).appendChild(document.createElement("i"));
    inner.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true }));
    await page.rest();
    expect(page.names).toEqual(["page", "Link Clicked"]);
  });

  it("Click_WithTheMiddleButton_IsTold", async () => {
    const page = await somePage({}, [links]);
    click('<a href="https://partner.example.net/">x</a>', { button: 1 });
    await page.rest();
    expect(page.names).toEqual(["page", "Link Clicked"]);
  });

  it("SiteSearch_OnAResultPage_IsToldOnceWithCountAndCategory", async () => {
    history.replaceState({}, "", "/search?q=red+shoe");
    document.body.innerHTML = '<p data-search-count="4" data-search-category="Shoes">4 found</p>';
    const page = await somePage({ sitesearch: true }, [sitesearch]);
    expect(page.events[1]).toMatchObject({ event: "Products Searched", properties: { query: "red shoe", category: "Shoes", count: 4 } });
    history.pushState({}, "", "/about");
    await page.rest();
    expect(page.names).toEqual(["page", "Products Searched", "page"]);
  });

  it("SiteSearch_WithOwnParameter_UsesIt", async () => {
    history.replaceState({}, "", "/find?q=no&suche=rot");
    const page = await somePage({ sitesearch: "suche" }, [sitesearch]);
    expect(page.events[1].properties).toEqual({ query: "rot" });
  });

  it("Content_InView_IsAnImpressionOnceAPageViewAndAClickAnInteraction", async () => {
    let seen: (entries: { isIntersecting: boolean; target: Element }[]) => void = () => undefined;
    const observed = new Set<Element>();
    vi.stubGlobal("IntersectionObserver", class {
      constructor(callback: typeof seen) {
        seen = callback;
      }
      observe = (element: Element) => observed.add(element);
      disconnect = () => observed.clear();
    });
    document.body.innerHTML =
      '<div data-track-content data-content-name="Winter"><a href="/coats"><img src="/winter.png"></a></div>' +
      '<div data-track-content data-content-name="Summer" data-content-piece="summer.png" data-content-target="/sale"><button data-content-ignoreinteraction>x</button><i>y</i></div>';
    const page = await new Page().load({ content: true }, [content]);
    const [winter, summer] = [...observed];
    const look = () => seen([{ isIntersecting: true, target: winter }, { isIntersecting: false, target: summer }]);
    look();
    look();
    summer.querySelector("button")!.click();
    summer.querySelector("i")!.click();
    await page.rest();
    expect(page.events.slice(1).map(({ event, properties }) => ({ event, ...properties }))).toEqual([
      { event: "Content Impression", content_name: "Winter", content_piece: "https://shop.example.com/winter.png", content_target: "https://shop.example.com/coats" },
      { event: "Content Interaction", content_name: "Summer", content_piece: "summer.png", content_target: "/sale", content_interaction: "click" },
    ]);
    history.pushState({}, "", "/next");
    look();
    await page.rest();
    expect(page.names.slice(3)).toEqual(["page", "Content Impression"]);
  });

  it("Content_ClickOnTheDocument_ThrowsNothing", async () => {
    vi.stubGlobal("IntersectionObserver", class {
      observe() {}
      disconnect() {}
    });
    const page = await somePage({ content: true }, [content]);
    const thrown = vi.fn();
    window.addEventListener("error", thrown);
    document.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    expect(thrown).not.toHaveBeenCalled();
    expect(page.names).toEqual(["page"]);
  });

  it("Content_TargetWithAnEMailAddress_IsCleaned", async () => {
    let seen: (entries: object[]) => void = () => undefined;
    vi.stubGlobal("IntersectionObserver", class {
      constructor(callback: typeof seen) {
        seen = callback;
      }
      observe() {}
      disconnect() {}
    });
    document.body.innerHTML = '<div data-track-content data-content-name="Mail" data-content-piece="x"><a href="https://shop.example.com/?to=ann@example.com#a">x</a></div>';
    const page = await somePage({ content: true }, [content]);
    seen([{ isIntersecting: true, target: document.querySelector("div") }]);
    await page.rest();
    expect(page.events[1].properties).toMatchObject({ content_target: "https://shop.example.com/?to=" });
  });

  it("Errors_WithAddressesInTheirMessage_AreCleaned", async () => {
    const page = await somePage({ errors: true }, [errors]);
    window.dispatchEvent(Object.assign(new Event("error"), { message: "Failed for ann@example.com at https://shop.example.com/x?mail=ann@example.com#a" }));
    await page.rest();
    expect(page.events[1].properties!.message).toBe("Failed for  at https://shop.example.com/x?mail=");
  });

  it("Heartbeat_WhileVisible_TellsEngagedSeconds", async () => {
    const focused = vi.spyOn(document, "hasFocus").mockReturnValue(true);
    const page = await somePage({ heartbeat: true }, [heartbeat]);
    await page.rest(30_000);
    focused.mockReturnValue(false);
    await page.rest(60_000);
    expect(page.events.slice(1).map((event) => event.properties)).toEqual([{ engaged: 15 }, { engaged: 30 }]);
  });

  it("Heartbeat_OnLeaving_TellsTheRest", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    const page = await somePage({ heartbeat: 20 }, [heartbeat]);
    await page.rest(10_000);
    window.dispatchEvent(new Event("pagehide"));
    const [beacon] = page.beacons;
    expect(beacon.body.batch!.map((event) => event.properties)).toEqual([{ engaged: 11 }]);
  });

  it("Errors_Uncaught_AreToldOnceEach", async () => {
    const page = await somePage({ errors: true }, [errors]);
    for (let index = 0; index < 3; index++) {
      window.dispatchEvent(Object.assign(new Event("error"), { message: "x is not defined", filename: "https://shop.example.com/app.js#a", lineno: 12 }));
      window.dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason: new Error("late") }));
    }
    await page.rest();
    expect(page.events.slice(1).map((event) => event.properties)).toEqual([
      { message: "x is not defined", source: "https://shop.example.com/app.js", line: 12 },
      { message: "late" },
    ]);
  });

  it.each([[404, ["page", "Page Not Found"]], [200, ["page"]]])("NotFound_Status%i_IsToldOrNot", async (responseStatus, names) => {
    vi.spyOn(performance, "getEntriesByType").mockReturnValue([{ responseStatus } as never]);
    const page = await somePage({ notfound: true }, [notfound]);
    expect(page.names).toEqual(names);
  });

  it("Hints_AskedFor_ReplaceTheBrowser'sOwn", async () => {
    const getHighEntropyValues = vi.fn().mockResolvedValue({ platform: "Linux", model: "X" });
    vi.stubGlobal("navigator", Object.create(navigator, { userAgentData: { value: { getHighEntropyValues } }, onLine: { value: true } }));
    const page = await somePage({ hints: "model,platformVersion" }, [hints]);
    expect(getHighEntropyValues).toHaveBeenCalledWith(["model", "platformVersion"]);
    expect(page.events[0].context.userAgentData).toEqual({ platform: "Linux", model: "X" });
  });

  it.each<[string, Part]>([["links", links], ["content", content], ["sitesearch", sitesearch], ["heartbeat", heartbeat], ["errors", errors], ["notfound", notfound]])(
    "Feature_%s SwitchedOff_DoesNothing",
    async (_, part) => {
      vi.spyOn(document, "hasFocus").mockReturnValue(true);
      const page = await somePage({ downloads: false, outlinks: false, content: false, sitesearch: false, heartbeat: false, errors: false, notfound: false }, [part]);
      click('<a href="https://partner.example.net/a.pdf">x</a>');
      window.dispatchEvent(Object.assign(new Event("error"), { message: "x" }));
      await page.rest(60_000);
      expect(page.names).toEqual(["page"]);
    },
  );
});

/** A consent tool of the page: how it stands before an answer, and how the visitor answers. */
interface Tool {
  part: Part;
  settings?: Settings;
  arrive(): void;
  answer(isGranted: boolean): void;
  leave(): void;
}

const tools: { [name: string]: () => Tool } = {
  tcf: () => {
    let callback: (data: object, ok: boolean) => void = () => undefined;
    const consents = (given: boolean) => Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((purpose) => [purpose, given]));
    return {
      part: tcf,
      arrive: () => (globals.__tcfapi = (_: string, __: number, listener: typeof callback) => {
        callback = listener;
        callback({ eventStatus: "cmpuishown", gdprApplies: true, purpose: { consents: {} } }, true);
      }),
      answer: (given) => callback({ eventStatus: "useractioncomplete", gdprApplies: true, purpose: { consents: consents(given) } }, true),
      leave: () => delete globals.__tcfapi,
    };
  },
  gcm: () => ({
    part: gcm,
    arrive: () => (globals.dataLayer as unknown[]).push(["consent", "default", { analytics_storage: "denied", ad_storage: "denied" }]),
    answer: (given) => (globals.dataLayer as unknown[]).push(["consent", "update", { analytics_storage: given ? "granted" : "denied" }]),
    leave: () => delete globals.dataLayer,
  }),
  onetrust: () => {
    let isClosed = false;
    return {
      part: onetrust,
      arrive: () => Object.assign(globals, { OnetrustActiveGroups: ",C0001,", OneTrust: { IsAlertBoxClosed: () => isClosed } }),
      answer: (given) => {
        isClosed = true;
        globals.OnetrustActiveGroups = given ? ",C0001,C0002," : ",C0001,";
        window.dispatchEvent(new Event("OneTrustGroupsUpdated"));
      },
      leave: () => (delete globals.OneTrust, delete globals.OnetrustActiveGroups),
    };
  },
  cookiebot: () => ({
    part: cookiebot,
    arrive: () => (globals.Cookiebot = { hasResponse: false, consent: { statistics: false, marketing: false, preferences: false } }),
    answer: (given) => {
      globals.Cookiebot = { hasResponse: true, consent: { statistics: given, marketing: false, preferences: given } };
      window.dispatchEvent(new Event(given ? "CookiebotOnAccept" : "CookiebotOnDecline"));
    },
    leave: () => delete globals.Cookiebot,
  }),
  didomi: () => {
    let isOpen = true;
    let isGranted = false;
    let changed: () => void = () => undefined;
    const status = () => ({ purposes: { cookies: { enabled: isGranted }, measure_content_performance: { enabled: isGranted } } });
    return {
      part: didomi,
      arrive: () =>
        (globals.didomiOnReady as ((sdk: object) => void)[]).forEach((ready) =>
          ready({ getCurrentUserStatus: status, shouldUserStatusBeCollected: () => isOpen, on: (_: string, listener: () => void) => (changed = listener) }),
        ),
      answer: (given) => {
        isOpen = false;
        isGranted = given;
        changed();
      },
      leave: () => delete globals.didomiOnReady,
    };
  },
  osano: () => {
    const listeners: { [name: string]: (decision: object) => void } = {};
    return {
      part: osano,
      arrive: () => (globals.Osano = { cm: { getConsent: () => ({ ANALYTICS: "DENY", ESSENTIAL: "ACCEPT" }), addEventListener: (name: string, listener: () => void) => (listeners[name] = listener) } }),
      answer: (given) => listeners["osano-cm-consent-saved"]({ ANALYTICS: given ? "ACCEPT" : "DENY", ESSENTIAL: "ACCEPT" }),
      leave: () => delete globals.Osano,
    };
  },
  klaro: () => {
    let watcher: { update(manager: object, name: string): void };
    const manager = { confirmed: false, consents: { matomo: false }, config: { services: [{ name: "matomo", purposes: ["analytics"] }] }, watch: (given: typeof watcher) => (watcher = given) };
    return {
      part: klaro,
      arrive: () => (globals.klaro = { getManager: () => manager }),
      answer: (given) => {
        manager.consents.matomo = given;
        watcher.update(manager, "consents");
        manager.confirmed = true;
        watcher.update(manager, "saveConsents");
      },
      leave: () => delete globals.klaro,
    };
  },
  "usercentrics v3": () => {
    let details = { consent: { type: "IMPLICIT" }, categories: { functional: { state: "ALL_DENIED" } }, services: {} };
    return {
      part: usercentrics,
      arrive: () => (globals.__ucCmp = { getConsentDetails: () => Promise.resolve(details) }),
      answer: (given) => {
        details = { ...details, consent: { type: "EXPLICIT" }, categories: { functional: { state: given ? "ALL_ACCEPTED" : "ALL_DENIED" } } };
        window.dispatchEvent(new Event("UC_UI_CMP_EVENT"));
      },
      leave: () => delete globals.__ucCmp,
    };
  },
  "usercentrics v2": () => {
    let isOpen = true;
    let status = false;
    return {
      part: usercentrics,
      arrive: () => (globals.UC_UI = { isInitialized: () => true, isConsentRequired: () => isOpen, getServicesBaseInfo: () => [{ name: "Matomo", categorySlug: "functional", consent: { status } }] }),
      answer: (given) => {
        isOpen = false;
        status = given;
        window.dispatchEvent(new Event("UC_UI_CMP_EVENT"));
      },
      leave: () => delete globals.UC_UI,
    };
  },
  cookie: () => ({
    part: cookie,
    settings: { cookie: "choice" },
    arrive: () => undefined,
    answer: (given) => (document.cookie = `choice=${given ? "analytics,functional" : "functional"}; path=/`),
    leave: () => (document.cookie = "choice=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT"),
  }),
};

describe.each(Object.keys(tools))("consent reader %s", (name) => {
  let tool: Tool;
  beforeEach(() => {
    tool = tools[name]();
  });
  afterEach(() => void tool.leave());

  it("OptIn_ToolLoadsLaterAndVisitorAccepts_EventsFlowFromThen", async () => {
    const page = await somePage({ consent: "opt_in", ...tool.settings }, [tool.part]);
    tool.arrive();
    await page.rest(5_000);
    expect(page.requests).toEqual([]);
    tool.answer(true);
    await page.rest(3_000);
    expect(page.names).toEqual(["page"]);
    expect((page.events[0].context.consent as ConsentState).analytics).toBe(true);
  });

  it("OptIn_VisitorRefuses_NothingIsEverSent", async () => {
    const page = await somePage({ consent: "opt_in", ...tool.settings }, [tool.part]);
    tool.arrive();
    await page.rest(5_000);
    tool.answer(false);
    await page.rest(3_000);
    page.datafly.track("Refused");
    await page.rest(5_000);
    expect(page.requests).toEqual([]);
    expect(page.stored()).toEqual({});
  });

  it("Grant_TakenBack_IsAWithdrawal", async () => {
    const page = await somePage({ consent: "opt_in", ...tool.settings }, [tool.part]);
    tool.arrive();
    await page.rest(5_000);
    tool.answer(true);
    await page.rest(3_000);
    tool.answer(false);
    await page.rest(3_000);
    expect(page.requests.map((request) => request.path)).toEqual(["/v1/b", "/v1/b", "/v1/reset"]);
    expect(page.stored()).toEqual({});
  });
});

describe("consent readers", () => {
  it("Tcf_WhereGdprDoesNotApply_Grants", async () => {
    globals.__tcfapi = (_: string, __: number, listener: (data: object, ok: boolean) => void) => listener({ eventStatus: "tcloaded", gdprApplies: false }, true);
    const page = await somePage({ consent: "opt_in" }, [tcf]);
    delete globals.__tcfapi;
    expect(page.names).toEqual(["page"]);
  });

  it("Codes_OfTheSource_ReplaceTheUsualOnes", async () => {
    Object.assign(globals, { OnetrustActiveGroups: ",C0009,", OneTrust: { IsAlertBoxClosed: () => true } });
    const page = await somePage({ consent: "opt_in", codes: { analytics: "C0009" } }, [onetrust]);
    delete globals.OneTrust;
    delete globals.OnetrustActiveGroups;
    expect(page.names).toEqual(["page"]);
    expect(page.events[0].context.consent).toEqual({ analytics: true });
  });

  it.each([
    ["before the one for all", [{ analytics_storage: "denied", region: ["ES"] }, { analytics_storage: "granted" }]],
    ["after the one for all", [{ analytics_storage: "granted" }, { analytics_storage: "denied", region: ["ES"] }]],
  ])("Gcm_DenialForSomeRegions %s_HoldsUntilTheUpdate", async (_, defaults) => {
    const layer: unknown[] = (globals.dataLayer = []);
    const page = await somePage({ consent: "opt_in" }, [gcm]);
    for (const signals of defaults) layer.push(["consent", "default", signals]);
    await page.rest();
    expect(page.requests).toEqual([]);
    expect(page.stored()).toEqual({});
    layer.push(["consent", "update", { analytics_storage: "granted" }]);
    await page.rest();
    delete globals.dataLayer;
    expect(page.names).toEqual(["page"]);
  });

  it("Gcm_GrantForAll_Grants", async () => {
    globals.dataLayer = [["consent", "default", { analytics_storage: "granted" }]];
    const page = await somePage({ consent: "opt_in" }, [gcm]);
    await page.rest();
    delete globals.dataLayer;
    expect(page.names).toEqual(["page"]);
  });

  it.each<[string, object, object, boolean]>([
    ["on by default, not confirmed", { default: true }, {}, false],
    ["on by default, confirmed", { default: true }, { confirmed: true }, true],
    ["opt-out, not confirmed", { optOut: true }, {}, true],
    ["required", { required: true }, { consents: {} }, true],
  ])("Klaro_Service %s_CountsByKlaro'sOwnRule", async (_, service, state, isGranted) => {
    const manager = { confirmed: false, consents: { matomo: true }, config: { services: [{ name: "matomo", purposes: ["analytics"], ...service }] }, watch: () => 0, ...state };
    globals.klaro = { getManager: () => manager };
    const page = await somePage({ consent: "opt_in" }, [klaro]);
    await page.rest();
    delete globals.klaro;
    expect(page.names).toEqual(isGranted ? ["page"] : []);
    if (!isGranted) expect(page.stored()).toEqual({});
  });

  it("Tool_ThatThrowsAtFirst_IsAskedAgain", async () => {
    let isReady = false;
    const manager = { confirmed: true, consents: { matomo: true }, config: { services: [{ name: "matomo", purposes: ["analytics"] }] }, watch: () => 0 };
    globals.klaro = {
      getManager: () => {
        if (!isReady) throw new Error("no configuration yet");
        return manager;
      },
    };
    const page = await somePage({ consent: "opt_in" }, [klaro]);
    isReady = true;
    await page.rest(5_000);
    delete globals.klaro;
    expect(page.names).toEqual(["page"]);
  });

  it("Cookie_WithABrokenEscape_GrantsNothingAndThrowsNothing", async () => {
    document.cookie = "choice=%E0%A4%A; path=/";
    const page = await somePage({ consent: "opt_in", cookie: "choice" }, [cookie]);
    await page.rest(3_000);
    document.cookie = "choice=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT";
    expect(page.requests).toEqual([]);
    expect(page.warnings).toEqual([]);
  });

  it("Codes_WithSpacesBetween_AreTheSame", async () => {
    Object.assign(globals, { OnetrustActiveGroups: ",C0009,C0010,", OneTrust: { IsAlertBoxClosed: () => true } });
    const page = await somePage({ consent: "opt_in", codes: { analytics: "C0009, C0010" } }, [onetrust]);
    delete globals.OneTrust;
    delete globals.OnetrustActiveGroups;
    expect(page.names).toEqual(["page"]);
  });

  it("Gcm_DefaultForSomeRegions_DoesNotGrant", async () => {
    globals.dataLayer = [["consent", "default", { analytics_storage: "granted", region: ["US"] }]];
    const page = await somePage({ consent: "opt_in" }, [gcm]);
    delete globals.dataLayer;
    expect(page.requests).toEqual([]);
  });

  it.each<[string, boolean]>([
    ["yes", true],
    ["1", true],
    ["granted", true],
    ['{"analytics":true}', true],
    ['{"analytics":"denied"}', false],
    ["no", false],
    ["0", false],
    ["marketing", false],
    ["{broken", false],
    ["???", false],
  ])("Cookie_%s_MeansWhatItSays", async (value, isGranted) => {
    document.cookie = `choice=${encodeURIComponent(value)}; path=/`;
    const page = await somePage({ consent: "opt_in", cookie: "choice" }, [cookie]);
    document.cookie = "choice=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT";
    expect(page.names).toEqual(isGranted ? ["page"] : []);
  });
});
