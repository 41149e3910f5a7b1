import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { freshPage, leavePage, offline, Page, somePage, unload } from "./collector";

beforeEach(freshPage);
afterEach(leavePage);

const queued = (page: Page) => Object.keys(page.stored()).filter((key) => key.includes("!"));


describe("queue", () => {
  it("Event_UntilAnswered_IsStored", async () => {
    const page = await new Page().load();
    expect(queued(page)).toHaveLength(1);
    await page.rest();
    expect(queued(page)).toEqual([]);
  });

  it("Burst_Of200_GoesInOrderInBatchesUnder64KiB", async () => {
    const page = await new Page().load();
    for (let index = 0; index < 200; index++) page.datafly.track("Step", { index });
    await page.rest(5_000);
    expect(page.events.slice(1).map((event) => event.properties!.index)).toEqual([...Array(200).keys()]);
    for (const { body, init } of page.requests) {
      expect(body.batch!.length).toBeLessThanOrEqual(50);
      expect(new TextEncoder().encode(init.body as string).length).toBeLessThan(65_536);
      expect(init.keepalive).toBe(true);
    }
    expect(page.requests.length).toBeLessThanOrEqual(6);
  });

  it("Batch_OfWideCharacters_IsMeasuredInBytes", async () => {
    const page = await new Page().load();
    for (let index = 0; index < 40; index++) page.datafly.track("Wide", { text: "漢".repeat(1_000) });
    await page.rest(5_000);
    expect(page.names).toHaveLength(41);
    for (const { init } of page.requests) expect(new TextEncoder().encode(init.body as string).length).toBeLessThan(65_536);
  });

  it.each([[503], [500], [429], [408]])("Answer_%i_IsTriedAgainWithTheSameMessageId", async (status) => {
    const page = await new Page().load();
    page.replies = [{ status, body: { error: { code: "X", message: "later" } } }, { status, body: {} }];
    await page.rest(20_000);
    expect(page.requests).toHaveLength(3);
    const ids = page.requests.map((request) => request.body.batch![0].messageId);
    expect(new Set(ids).size).toBe(1);
    expect(queued(page)).toEqual([]);
  });

  it("Network_Failing_BacksOffFurtherAndFurtherWithJitter", async () => {
    const page = await new Page().load();
    page.replies = Array(6).fill("network error");
    const times: number[] = [];
    const original = globalThis.fetch;
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => (times.push(Date.now()), original(url, init)));
    await page.rest(120_000);
    const gaps = times.slice(1).map((time, index) => time - times[index]);
    expect(gaps).toHaveLength(6);
    gaps.forEach((gap, index) => {
      expect(gap).toBeGreaterThanOrEqual(1_000 * 2 ** index);
      expect(gap).toBeLessThanOrEqual(1_500 * 2 ** index + 10);
    });
  });

  it("RetryAfter_Given_IsKeptByTheNextPageToo", async () => {
    const first = await new Page().load();
    first.replies = [{ status: 503, body: {}, headers: { "Retry-After": "60" } }];
    await first.rest(5_000);
    expect(first.requests).toHaveLength(1);
    unload();
    const second = await somePage();
    await second.rest(50_000);
    expect(second.requests).toHaveLength(0);
    await second.rest(60_000);
    expect(second.names).toEqual(["page", "page"]);
    expect(Object.keys(second.stored())).toEqual(["_df.dk_test_1"]);
  });

  it("RetryAfter_Given_EndsWhenTheBrowserIsOnlineAgain", async () => {
    const page = await new Page().load();
    page.replies = [{ status: 429, body: {}, headers: { "Retry-After": "600" } }];
    await page.rest();
    window.dispatchEvent(new Event("online"));
    await page.rest();
    expect(page.requests).toHaveLength(2);
  });

  it.each([8_000_000_000_000, "soon"])("RetryAfter_Kept %s_ByAClockThatWasWrong_HoldsNobody", async (kept) => {
    localStorage.setItem("_df.dk_test_1~", JSON.stringify(kept));
    const page = await somePage();
    expect(page.names).toEqual(["page"]);
  });

  it("NoAnswer_OnAPage_DoesNotHoldTheNext", async () => {
    const first = await new Page().load();
    first.replies = Array(9).fill("network error");
    await first.rest(100_000);
    expect(first.requests.length).toBeGreaterThan(4);
    unload();
    expect((await somePage()).names).toEqual(["page", "page"]);
  });

  it("Cookieless_AskedToWait_StoresNothing", async () => {
    const page = await new Page().load({ cookieless: true });
    page.replies = [{ status: 503, body: {}, headers: { "Retry-After": "60" } }];
    await page.rest(5_000);
    expect(page.requests).toHaveLength(1);
    expect(page.stored()).toEqual({});
  });

  it("OtherTab_FreshEntry_IsLeftToItForSixSeconds", async () => {
    const page = await somePage();
    const ofAnother = { type: "page", messageId: "m-1", context: { page: { url: "https://shop.example.com/b", pv_id: "b" } } };
    localStorage.setItem(`_df.dk_test_1!${Date.now().toString(36)}1000001other/b`, JSON.stringify(ofAnother));
    page.datafly.track("Mine");
    await page.rest();
    await page.rest(4_000);
    expect(page.names).toEqual(["page", "Mine"]);
    // It is gone, and has left it.
    await page.rest(3_000);
    expect(page.events.map((event) => event.messageId)).toContain("m-1");
    expect(queued(page)).toEqual([]);
  });

  it("RetryAfter_Given_IsWaitedFor", async () => {
    const page = await new Page().load();
    page.replies = [{ status: 503, body: {}, headers: { "Retry-After": "30" } }];
    await page.rest(29_000);
    page.datafly.track("Meanwhile");
    await page.rest(1_000);
    expect(page.requests).toHaveLength(1);
    await page.rest(20_000);
    expect(page.requests).toHaveLength(2);
    expect(page.names).toEqual(["page", "Meanwhile"]);
  });

  it.each([[400], [401], [413], [415]])("Answer_%i_IsNotTriedAgainAndTold", async (status) => {
    const page = await new Page().load();
    const error = vi.fn();
    page.datafly.on("error", error);
    page.replies = [{ status, body: { error: { code: "INVALID_PIPELINE_KEY", message: "unknown key" } } }];
    await page.rest(60_000);
    expect(page.requests).toHaveLength(1);
    expect(queued(page)).toEqual([]);
    expect(error).toHaveBeenCalledWith({ code: "INVALID_PIPELINE_KEY", message: "unknown key" }, expect.objectContaining({ type: "page" }));
  });

  it.each([[403], [404]])("Answer_%i_OfSomethingBetween_IsTriedAgain", async (status) => {
    const page = await new Page().load();
    page.replies = [{ status, body: "<html>Forbidden</html>" }, { status, body: { error: { code: status, message: "blocked" } } }];
    await page.rest(20_000);
    expect(page.requests).toHaveLength(3);
    expect(page.names).toEqual(["page"]);
    expect(queued(page)).toEqual([]);
  });

  it("Event_TooLargeToSend_DoesNotTakeTheOthersAlong", async () => {
    offline(true);
    const page = await somePage();
    page.datafly.track("Small");
    page.datafly.track("Huge", { text: "x".repeat(1_100_000) });
    await page.rest();
    offline(false);
    window.dispatchEvent(new Event("online"));
    await page.rest();
    expect(page.names).toEqual(["page", "Small"]);
  });

  it("PageHide_WhenTheBrowserTakesNoMoreBeacons_Stops", async () => {
    const page = await new Page().load();
    for (let index = 0; index < 200; index++) page.datafly.track("Much", { index, text: "x".repeat(500) });
    let tries = 0;
    navigator.sendBeacon = () => ++tries < 2;
    window.dispatchEvent(new Event("pagehide"));
    // After the first, ever smaller ones.
    expect(tries).toBeGreaterThan(2);
    expect(tries).toBeLessThan(9);
    expect(queued(page)).toHaveLength(201);
  });

  it("Storage_FullAtTheGrant_TheGrantHoldsAndTheWithdrawalCleansTheDisk", async () => {
    const page = await somePage({ consent: "opt_in" });
    const real: Record<string, string> = {};
    let isFull = false;
    vi.stubGlobal("localStorage", new Proxy(real, { set: (target, key: string, value) => {
      if (isFull) throw new DOMException("full", "QuotaExceededError");
      target[key] = value;
      return true;
    } }));
    const full = await new Page().load({ consent: "opt_in" });
    isFull = true;
    full.datafly.consent({ analytics: true });
    await full.rest();
    expect(full.names).toEqual(["page"]);
    isFull = false;
    full.datafly.track("Kept");
    isFull = true;
    full.datafly.track("Not kept");
    expect(Object.keys(real)).toHaveLength(1);
    full.datafly.consent({ analytics: false });
    expect(real).toEqual({});
    expect(page.requests).toEqual([]);
  });

  it("Answer_OfACaptivePortal_IsNoSuccess", async () => {
    const page = await new Page().load();
    page.replies = [{ status: 200, body: "<html>Please sign in</html>" }];
    await page.rest(10_000);
    expect(page.requests).toHaveLength(2);
  });

  it("Offline_Events_WaitAndFollowInOrder", async () => {
    offline(true);
    const page = await somePage();
    page.datafly.track("One");
    page.datafly.track("Two");
    await page.rest(60_000);
    expect(page.requests).toHaveLength(0);
    offline(false);
    window.dispatchEvent(new Event("online"));
    await page.rest();
    expect(page.names).toEqual(["page", "One", "Two"]);
  });

  it("ClosedTab_BeforeTheAnswer_IsSentByTheNextPage", async () => {
    const first = await new Page().load();
    first.datafly.track("Last words");
    unload();
    vi.setSystemTime(Date.now() + 6_000);
    const second = await somePage();
    expect(second.names).toEqual(["page", "Last words", "page"]);
    expect(queued(second)).toEqual([]);
  });

  it("PageHide_WithWaitingEvents_SendsABeaconAndKeepsThemUntilAnAnswer", async () => {
    const page = await new Page().load();
    page.datafly.track("Leaving");
    window.dispatchEvent(new Event("pagehide"));
    expect(page.beacons).toHaveLength(1);
    expect(page.beacons[0].path).toBe("/v1/b");
    expect(page.beacons[0].body.batch!.map((event) => event.event)).toEqual([undefined, "Leaving"]);
    expect(queued(page)).toHaveLength(2);
  });

  const hidden = async (settings: object, reply: object) => {
    const page = await new Page().load(settings);
    page.replies = [reply];
    await page.rest();
    expect(page.requests).toHaveLength(1);
    page.datafly.track("Leaving");
    window.dispatchEvent(new Event("pagehide"));
    return page;
  };

  it("PageHide_WhileTheServerHasAskedForAPause_LeavesItToTheNextPage", async () => {
    const page = await hidden({}, { status: 503, body: {}, headers: { "Retry-After": "60" } });
    expect(page.beacons).toEqual([]);
    expect(queued(page)).toHaveLength(2);
    unload();
    vi.setSystemTime(Date.now() + 1);
    const next = await somePage();
    expect(next.requests).toEqual([]);
    await next.rest(90_000);
    expect(next.names).toEqual(["page", "Leaving", "page"]);
  });

  it.each([
    ["WhereNothingIsStored", { cookieless: true }, { status: 503, body: {}, headers: { "Retry-After": "60" } }],
    ["WhereNobodyHasAskedForThePause", {}, { status: 503, body: {} }],
  ])("PageHide_WhileItWaits_%s_SendsABeacon", async (_, settings, reply) => {
    const page = await hidden(settings, reply);
    expect(page.beacons.flatMap(({ body }) => body.batch!.map((event) => event.event ?? event.type))).toEqual(["page", "Leaving"]);
  });

  it("PageHide_WhileItMustWait_TellsAWithdrawalAllTheSame", async () => {
    const page = await new Page().load();
    page.replies = [{ status: 503, body: {}, headers: { "Retry-After": "60" } }];
    await page.rest();
    page.datafly.consent({ analytics: false });
    window.dispatchEvent(new Event("pagehide"));
    expect(page.beacons.map(({ path, body }) => [path, body.forget ?? body.batch!.map((event) => event.type)])).toEqual([["/v1/b", ["identify"]], ["/v1/reset", true]]);
  });

  it("PageHide_WhenTheBrowserTakesOnlySmallBeacons_SendsSmallerOnes", async () => {
    const page = await new Page().load();
    for (let index = 0; index < 60; index++) page.datafly.track("Much", { index, text: "x".repeat(500) });
    const bodies: string[] = [];
    navigator.sendBeacon = ((_: string, body: string) => body.length < 20_000 && bodies.push(body) > 0) as typeof navigator.sendBeacon;
    window.dispatchEvent(new Event("pagehide"));
    expect(bodies.flatMap((body) => JSON.parse(body).batch)).toHaveLength(61);
    expect(queued(page)).toHaveLength(61);
  });

  it.each(["pagehide", "visibilitychange"])("PageHide_WithAnEventOfThePage'sLater %s Listener_SendsItToo", async (type) => {
    const page = await new Page().load();
    window.addEventListener(type, () => page.datafly.track("Last words"));
    for (const each of ["pagehide", "visibilitychange"]) window.dispatchEvent(new Event(each));
    await page.rest(0);
    expect(page.beacons.map(({ body }) => body.batch!.map((event) => event.event ?? event.type))).toEqual([["page"], ["Last words"]]);
    expect(page.requests).toEqual([]);
    expect(queued(page)).toHaveLength(2);
  });

  it("BackForwardCache_WithoutPageViewsByThemselves_SendsAgain", async () => {
    const page = await new Page().load({ pages: false });
    window.dispatchEvent(new Event("pagehide"));
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    page.datafly.track("Back");
    await page.rest();
    expect(page.beacons).toEqual([]);
    expect(page.requests.flatMap(({ body }) => body.batch!.map(({ event }) => event))).toEqual(["Back"]);
  });

  it("Event_TooBigForARequestThatOutlivesThePage_IsSentByAnother", async () => {
    const page = await somePage();
    page.datafly.track("Wide", { text: "é".repeat(31_000) });
    const original = globalThis.fetch;
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => (init.keepalive && new Blob([init.body as string]).size > 65_536 ? Promise.reject(new TypeError("quota")) : original(url, init)));
    page.datafly.track("Wider", { text: "é".repeat(34_000) });
    await page.rest(10_000);
    expect(page.names).toEqual(["page", "Wide", "Wider"]);
    expect(queued(page)).toEqual([]);
  });

  it("PageHide_WithMuch_KeepsEveryBeaconUnderItsQuota", async () => {
    const page = await new Page().load();
    for (let index = 0; index < 120; index++) page.datafly.track("Much", { index, text: "x".repeat(500) });
    window.dispatchEvent(new Event("pagehide"));
    expect(page.beacons.flatMap((beacon) => beacon.body.batch!)).toHaveLength(121);
    for (const beacon of page.beacons) expect(JSON.stringify(beacon.body).length).toBeLessThan(65_536);
  });

  it("PageHide_Cookieless_SendsABeaconOfWhatIsInMemory", async () => {
    const page = await new Page().load({ cookieless: true });
    window.dispatchEvent(new Event("pagehide"));
    expect(page.beacons).toHaveLength(1);
    expect(page.stored()).toEqual({});
  });

  it("Hidden_WithWaitingEvents_SendsAtOnce", async () => {
    const page = await new Page().load();
    window.dispatchEvent(new Event("visibilitychange"));
    await page.rest(0);
    expect(page.requests).toHaveLength(1);
  });

  it("Queue_TooOldTooManyTooBig_IsBounded", async () => {
    offline(true);
    const page = await somePage();
    vi.setSystemTime(Date.now() + 24 * 3_600_000);
    page.datafly.track("Young");
    window.dispatchEvent(new Event("online"));
    await page.rest();
    expect(Object.values(page.stored()).filter((value) => value.includes("Young"))).toHaveLength(1);
    expect(queued(page)).toHaveLength(1);
    for (let index = 0; index < 300; index++) page.datafly.track("Big", { text: "x".repeat(10_000) });
    window.dispatchEvent(new Event("online"));
    await page.rest();
    const size = queued(page).reduce((sum, key) => sum + page.stored()[key].length, 0);
    expect(size).toBeLessThanOrEqual(1_000_000);
    expect(size).toBeGreaterThan(900_000);
  });

  it("Storage_Full_GoesOnInMemory", async () => {
    const page = await somePage();
    const broken = new Proxy({} as Record<string, string>, {
      set: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
      ownKeys: () => [],
    });
    vi.stubGlobal("localStorage", broken);
    const full = await new Page().load({}, []);
    full.datafly.track("Still here");
    await full.rest();
    expect(full.names).toEqual(["page", "Still here"]);
    expect(page.names).toEqual(["page"]);
  });

  it("Locks_OfTwoTabs_AreOneName", async () => {
    const names: string[] = [];
    const request = (name: string, work: () => Promise<unknown>) => (names.push(name), work());
    vi.stubGlobal("navigator", Object.create(navigator, { locks: { value: { request } }, onLine: { value: true } }));
    const page = await somePage();
    await somePage();
    expect(page.names).toEqual(["page"]);
    expect(new Set(names)).toEqual(new Set(["_df.dk_test_1"]));
  });

  it("Lock_AfterSending_IsHeldUntilOtherTabsSeeWhatIsGone", async () => {
    let isHeld = false;
    const request = async (_: string, work: () => Promise<unknown>) => {
      isHeld = true;
      await work();
      isHeld = false;
    };
    vi.stubGlobal("navigator", Object.create(navigator, { locks: { value: { request } }, onLine: { value: true } }));
    const page = await new Page().load();
    await page.rest(1_050);
    expect(page.requests).toHaveLength(1);
    expect(isHeld).toBe(true);
    await page.rest(1_000);
    expect(isHeld).toBe(false);
  });

  it("Lock_Refused_SendsAllTheSame", async () => {
    const request = () => Promise.reject(new DOMException("opaque origin", "SecurityError"));
    vi.stubGlobal("navigator", Object.create(navigator, { locks: { value: { request } }, onLine: { value: true } }));
    const page = await somePage();
    expect(page.names).toEqual(["page"]);
  });

  it("Entry_ThatAnotherScriptBroke_IsToldAndThrowsNothing", async () => {
    const page = await somePage();
    localStorage.setItem(`_df.dk_test_1!${(Date.now() - 6_000).toString(36)}1/b`, "{broken");
    page.datafly.track("Behind it");
    await page.rest();
    expect(page.warnings.length).toBe(1);
    expect(page.names).toContain("Behind it");
    expect(queued(page)).toEqual([]);
  });

  it("Reset_BetweenEvents_KeepsTheOrder", async () => {
    const page = await new Page().load();
    page.datafly.track("Before");
    page.datafly.reset();
    page.datafly.track("After");
    await page.rest();
    expect(page.requests.map((request) => request.path)).toEqual(["/v1/b", "/v1/reset", "/v1/b"]);
    expect(page.requests[1].body).toMatchObject({ writeKey: "dk_test_1", anonymousId: page.events[2].anonymousId });
    expect(page.events[1].anonymousId).not.toBe(page.events[2].anonymousId);
  });
});
