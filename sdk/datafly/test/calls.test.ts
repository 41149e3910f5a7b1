import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { freshPage, leavePage, Page, somePage } from "./collector";

beforeEach(freshPage);
afterEach(leavePage);

describe("calls", () => {
  it("Load_WithKey_SendsOnePageViewWithTheContract'sContext", async () => {
    const page = await somePage();
    expect(page.requests).toHaveLength(1);
    const [{ path, body, init }] = page.requests;
    expect(path).toBe("/v1/b");
    expect(body.writeKey).toBe("dk_test_1");
    expect(Date.parse(body.sentAt!)).toBeGreaterThan(0);
    expect(init).toMatchObject({ method: "POST", keepalive: true, credentials: "include" });
    expect(init.headers).toBeUndefined();
    const [event] = page.events;
    expect(event).toMatchObject({
      type: "page",
      properties: {
        url: "https://shop.example.com/start?utm_source=news&utm_campaign=spring",
        path: "/start",
        search: "?utm_source=news&utm_campaign=spring",
        title: "Start",
      },
      context: {
        page: { path: "/start", title: "Start" },
        campaign: { source: "news", name: "spring" },
        screen: { width: expect.any(Number), height: expect.any(Number) },
        timezone: expect.any(String),
        locale: expect.any(String),
        library: { name: "datafly.js", version: "0.0.0-test" },
      },
    });
    expect(event.context.page.pv_id).toMatch(/^[0-9a-f]{6}$/);
    expect(event.messageId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(event.context.localTime).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(Date.parse(event.context.localTime as string)).toBe(Math.floor(Date.parse(event.originalTimestamp) / 1000) * 1000);
  });

  it("Calls_AfterAPageView_ShareItsIdAndItsBatch", async () => {
    const page = await new Page().load();
    page.datafly.track("Product Viewed", { sku: "A" });
    await page.rest();
    expect(page.requests).toHaveLength(1);
    expect(page.names).toEqual(["page", "Product Viewed"]);
    const [view, viewed] = page.events;
    expect(viewed.context.page.pv_id).toBe(view.context.page.pv_id);
    expect(viewed.properties).toEqual({ sku: "A" });
  });

  it("SeedForms_AsWritten_Work", async () => {
    const page = await somePage({ pages: false });
    page.datafly.page({ url: window.location.href, title: document.title });
    page.datafly.track("Order Completed", { order_id: "ORD-001", revenue: 129.99, tax: 21.66, shipping: 4.99, currency: "USD", url: "https://example.com/checkout/confirmation" });
    page.datafly.identify("user-123");
    await page.rest();
    const [view, order, identify] = page.events;
    expect(view).toMatchObject({ type: "page", properties: { title: "Start" } });
    expect(order).toMatchObject({ type: "track", event: "Order Completed", properties: { order_id: "ORD-001", url: "https://example.com/checkout/confirmation" } });
    expect(identify).toMatchObject({ type: "identify", userId: "user-123" });
  });

  it("Page_WithNameAndProperties_CarriesBoth", async () => {
    const page = await somePage({ pages: false });
    page.datafly.page("Checkout", { step: 2 });
    await page.rest();
    expect(page.events[0]).toMatchObject({ type: "page", name: "Checkout", properties: { step: 2, title: "Start" } });
  });

  it("Page_WhileTheAutomaticOneWaits_ReplacesIt", async () => {
    const page = await new Page().load();
    page.datafly.track("Product Viewed", { sku: "A" });
    page.datafly.page({ title: "Mine" });
    await page.rest();
    expect(page.names).toEqual(["page", "Product Viewed"]);
    expect(page.events[0].properties).toMatchObject({ title: "Mine" });
    expect(page.events[0].context.page.pv_id).toBe(page.events[1].context.page.pv_id);
  });

  it("Page_AfterTheAutomaticOneWasSent_IsAnotherView", async () => {
    const page = await somePage();
    page.datafly.page();
    await page.rest();
    expect(page.names).toEqual(["page", "page"]);
    expect(page.events[0].context.page.pv_id).not.toBe(page.events[1].context.page.pv_id);
  });

  it("Identify_ThenLaterLoads_KeepUserAndTraitsUntilReset", async () => {
    const first = await somePage();
    first.datafly.identify("user-1", { plan: "pro" });
    first.datafly.identify("user-1", { city: "Bonn" });
    await first.rest();
    const second = await somePage();
    expect(second.events[0]).toMatchObject({ userId: "user-1", context: { traits: { plan: "pro", city: "Bonn" } } });
    second.datafly.reset();
    second.datafly.track("Later");
    await second.rest();
    const last = second.events.at(-1)!;
    expect(last.userId).toBeUndefined();
    expect(last.context.traits).toBeUndefined();
    expect(last.anonymousId).not.toBe(first.events[0].anonymousId);
  });

  it("Identify_AnotherUser_DropsTheFirstOne'sTraits", async () => {
    const page = await somePage();
    page.datafly.identify("user-1", { plan: "pro" });
    page.datafly.identify("user-2", { city: "Bonn" });
    await page.rest();
    expect(page.events.at(-1)!.traits).toEqual({ city: "Bonn" });
  });

  it("Group_Call_IsSentAndKnownAfterwards", async () => {
    const page = await somePage();
    page.datafly.group("acme", { seats: 5 });
    page.datafly.track("Later");
    await page.rest();
    expect(page.events[1]).toMatchObject({ type: "group", groupId: "acme", traits: { seats: 5 } });
    expect(page.events[2].context.groupId).toBe("acme");
  });

  it("AnonymousId_AcrossLoads_Stays", async () => {
    const first = await somePage();
    const second = await somePage();
    expect(second.events[0].anonymousId).toBe(first.events[0].anonymousId);
  });

  it("Cookieless_TwoLoads_StoreNothingAndShareNothing", async () => {
    const first = await somePage({ cookieless: true });
    expect(first.stored()).toEqual({});
    const second = await somePage({ cookieless: true });
    expect(second.events[0].anonymousId).not.toBe(first.events[0].anonymousId);
  });

  it("StorageBlocked_Load_WorksInMemory", async () => {
    const own = Object.getOwnPropertyDescriptor(window, "localStorage");
    const get = () => {
      throw new DOMException("denied", "SecurityError");
    };
    Object.defineProperty(globalThis, "localStorage", { configurable: true, get });
    try {
      const page = await somePage();
      expect(page.names).toEqual(["page"]);
    } finally {
      Object.defineProperty(globalThis, "localStorage", { configurable: true, ...(own ?? { get: () => window.localStorage }) });
    }
  });

  it("QueuedCalls_BeforeTheLoad_FollowTheFirstPageView", async () => {
    const page = await somePage({}, [], [["track", "Early", { a: 1 }], ["identify", "user-9"]]);
    expect(page.names).toEqual(["page", "Early", "identify"]);
  });

  it("QueuedCall_OfAnUnknownName_IsToldAndTheOthersGoOn", async () => {
    const page = await somePage({}, [], [["pageview"], ["track", "Early"]]);
    expect(page.names).toEqual(["page", "Early"]);
    expect(() => page.datafly.push(["nope"])).not.toThrow();
    expect(() => page.datafly.push(null as never)).not.toThrow();
    expect(page.warnings.map(([, message]) => message).join()).toContain("pageview: expected init,page,track,");
  });

  it("Queue_KeptByThePage_IsHeardAfterTheLoad", async () => {
    const kept: [string, ...unknown[]][] = [];
    const page = await somePage({}, [], kept);
    kept.push(["track", "Late"]);
    await page.rest();
    expect(page.names).toEqual(["page", "Late"]);
  });

  it.each(["https://exa mple/%", "http://[::1"])("Url_ThatIsNone %s_DoesNotLoseTheOrder", async (url) => {
    const page = await somePage();
    page.datafly.track("Order Completed", { order_id: "1", url: url + "?m=ann@example.com" });
    await page.rest();
    expect(page.events[1]).toMatchObject({ event: "Order Completed", properties: { order_id: "1" } });
    expect(JSON.stringify(page.events[1])).not.toContain("ann@");
  });

  it("Prerendering_WithInitCalledAgain_CountsOnceWhenOpened", async () => {
    Object.defineProperty(document, "prerendering", { configurable: true, value: true });
    const page = await new Page().load({}, [], [["init", "dk_test_1"]]);
    page.datafly.init("dk_test_1");
    delete (document as { prerendering?: boolean }).prerendering;
    document.dispatchEvent(new Event("prerenderingchange"));
    await page.rest();
    expect(page.names).toEqual(["page"]);
  });

  it("Init_AfterTheStart_ChangesNothing", async () => {
    const page = await somePage();
    page.datafly.init("dk_test_other", { endpoint: "https://elsewhere.example.com/v1", hash: "keep" });
    page.datafly.track("Goes where it went");
    await page.rest();
    expect(page.requests.map(({ body }) => body.writeKey)).toEqual(["dk_test_1", "dk_test_1"]);
    expect(page.names).toEqual(["page", "Goes where it went"]);
  });

  it("Storage_ThatIsNull_WorksInMemory", async () => {
    vi.stubGlobal("localStorage", null);
    const page = await somePage();
    page.datafly.track("Still here");
    await page.rest();
    expect(page.names).toEqual(["page", "Still here"]);
  });

  it("Record_ThatAnotherScriptBroke_IsBegunAnewAndThrowsNothing", async () => {
    localStorage.setItem("_df.dk_test_1", "{broken");
    const page = await somePage();
    localStorage.setItem("_df.dk_test_1", "{broken");
    expect(() => history.pushState({}, "", "/next")).not.toThrow();
    await page.rest();
    expect(page.names).toEqual(["page", "page"]);
    expect(JSON.parse(localStorage.getItem("_df.dk_test_1")!).a).toBeTruthy();
  });

  it("Init_AfterLoadWithoutKey_ReplaysWhatWaited", async () => {
    const page = await new Page().load({ pipelineKey: undefined });
    page.datafly.track("Early");
    await page.rest();
    expect(page.requests).toHaveLength(0);
    page.datafly.init("dk_test_2", { endpoint: "https://other.example.com/collect" });
    await page.rest();
    expect(page.requests[0].path).toBe("/collect/b");
    expect(page.requests[0].body.writeKey).toBe("dk_test_2");
    expect(page.names).toEqual(["page", "Early"]);
  });

  it.each([
    ["https://data.example.com/d.js", "v1", "https://data.example.com/v1/b"],
    ["https://data.example.com/datafly.js?x=1", "v1", "https://data.example.com/v1/b"],
    ["https://data.example.com/d/dk_live_1.js", "../v1", "https://data.example.com/v1/b"],
    ["https://www.example.com/data/d.js", "v1", "https://www.example.com/data/v1/b"],
    ["https://d.js.example.com/d.js", "v1", "https://d.js.example.com/v1/b"],
    ["https://www.example.com/data/d/dk_live_1.js", "../v1", "https://www.example.com/data/v1/b"],
    ["https://www.example.com/assets/shop.js", "../c", "https://www.example.com/c/b"],
    ["https://www.example.com/assets/shop.js", "https://data.example.com/v1", "https://data.example.com/v1/b"],
  ])("Endpoint_Of %s with %s_Is %s", async (script, endpoint, expected) => {
    const urls: string[] = [];
    const page = new Page();
    await page.load({ endpoint }, [], [], script);
    vi.stubGlobal("fetch", (url: URL) => (urls.push(url.href), Promise.reject(new TypeError())));
    await page.rest();
    expect(urls[0]).toBe(expected);
  });

  it("Ready_BeforeAndAfterTheLoad_CallsBack", async () => {
    const early = vi.fn();
    const late = vi.fn();
    const page = await somePage({}, [], [["ready", early]]);
    page.datafly.ready(late);
    expect(early).toHaveBeenCalledWith(page.datafly);
    expect(late).toHaveBeenCalledWith(page.datafly);
  });

  it("On_EventSentError_TellListeners", async () => {
    const page = await new Page().load();
    const sent = vi.fn();
    const event = vi.fn();
    const error = vi.fn();
    page.datafly.on("sent", sent);
    page.datafly.on("event", event);
    page.datafly.on("error", error);
    page.replies = [{ body: { success: true, accepted: 1, errors: [{ index: 1, code: "EVENT_TOO_LARGE", message: "over 64 KiB" }] } }];
    page.datafly.track("Refused");
    await page.rest();
    expect(event).toHaveBeenCalledTimes(1);
    expect(sent).toHaveBeenCalledTimes(1);
    expect(sent.mock.calls[0][0]).toMatchObject({ type: "page" });
    expect(error).toHaveBeenCalledWith({ index: 1, code: "EVENT_TOO_LARGE", message: "over 64 KiB" }, expect.objectContaining({ event: "Refused" }));
  });

  it("Debug_Events_AreLoggedWithTheAnswer", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const page = await new Page().load();
    page.datafly.debug();
    page.datafly.track("Seen");
    await page.rest();
    expect(log.mock.calls.map(([, name]) => name)).toEqual(["event", "sent", "sent"]);
    expect(log.mock.calls[1][3]).toMatchObject({ success: true });
  });

  it.each([
    ["track without a name", (page: Page) => page.datafly.track(undefined as never)],
    ["identify without an ID", (page: Page) => page.datafly.identify(null as never)],
    ["group without an ID", (page: Page) => page.datafly.group("")],
    ["a cycle", (page: Page) => page.datafly.track("Cycle", { window })],
    ["a throwing listener", (page: Page) => (page.datafly.on("event", () => { throw new Error("mine"); }), page.datafly.track("Fine"))],
    ["a throwing error listener", (page: Page) => (page.datafly.on("error", () => { throw new Error("mine"); }), page.datafly.track(""))],
  ])("Misuse_%s_WarnsOnceAndNeverThrows", async (_, misuse) => {
    const page = await somePage();
    const before = page.warnings.length;
    expect(() => misuse(page)).not.toThrow();
    const warned = page.warnings.length;
    expect(warned).toBeGreaterThan(before);
    misuse(page);
    expect(page.warnings.length).toBe(warned);
  });

  it.each([
    ["consent as text", (page: Page) => page.datafly.consent("granted" as never), "consent: expected {analytics: true}"],
    ["consent of nothing", (page: Page) => page.datafly.consent(null as never), "consent: expected {analytics: true}"],
    ["consent as a list", (page: Page) => page.datafly.consent(["analytics"] as never), "consent: expected {analytics: true}"],
    ["an unknown event to listen to", (page: Page) => page.datafly.on("evnt" as never, () => undefined), "evnt: expected event,sent,error,consent"],
    ["an unknown call", (page: Page) => page.datafly.push(["pageview"]), "pageview: expected init,page,track,identify,group,consent,reset,flush,ready,on,debug"],
  ])("Misuse_%s_IsToldOnceWithWhatIsExpectedAndChangesNothing", async (_, misuse, message) => {
    const page = await somePage();
    for (const __ of [1, 2]) expect(() => misuse(page)).not.toThrow();
    page.datafly.track("Goes on");
    await page.rest();
    expect(page.warnings).toEqual([["[datafly]", message, "USAGE"]]);
    expect(page.names).toEqual(["page", "Goes on"]);
    expect(page.events[1].context.consent).toBeUndefined();
  });

  it("Event_LargerThanTheServerTakes_IsToldAndNotQueued", async () => {
    const page = await somePage();
    const error = vi.fn();
    page.datafly.on("error", error);
    for (const _ of [1, 2]) page.datafly.track("Huge", { text: "x".repeat(65_536) });
    expect(Object.keys(page.stored()).filter((key) => key.includes("!"))).toEqual([]);
    page.datafly.track("Fits", { text: "x".repeat(60_000) });
    await page.rest();
    expect(page.warnings).toEqual([["[datafly]", "too large", "EVENT_TOO_LARGE"]]);
    expect(error.mock.calls.map(([{ code }, event]) => [code, event.event])).toEqual([["EVENT_TOO_LARGE", "Huge"], ["EVENT_TOO_LARGE", "Huge"]]);
    expect(page.names).toEqual(["page", "Fits"]);
  });

  it("Load_WithoutAKey_IsTold", async () => {
    const page = await somePage({ pipelineKey: undefined });
    expect(page.warnings).toEqual([["[datafly]", "pipelineKey missing", "USAGE"]]);
    expect((await somePage({ pipelineKey: undefined }, [], [["init", "dk_test_1"]])).warnings).toEqual([]);
  });

  it("WildPage_ThousandEvents_AreBoundedAndTold", async () => {
    const page = await somePage();
    const error = vi.fn();
    page.datafly.on("error", error);
    for (let index = 0; index < 1_000; index++) page.datafly.track("Loop");
    await page.rest(20_000);
    expect(page.names.length).toBeLessThanOrEqual(600);
    expect(error).toHaveBeenCalledWith(expect.objectContaining({ code: "THROTTLED" }), undefined);
    await page.rest(60_000);
    page.datafly.track("After");
    await page.rest();
    expect(page.names.at(-1)).toBe("After");
  });
});
