import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Part } from "../src/api";
import { part as signals } from "../src/parts/signals";
import { freshPage, leavePage, Page, somePage } from "./collector";

beforeEach(freshPage);
afterEach(leavePage);

const browser = (has: object) => {
  const properties = Object.fromEntries(Object.entries(has).map(([name, value]) => [name, { value }]));
  vi.stubGlobal("navigator", Object.create(navigator, { ...properties, onLine: { value: true } }));
};

/** Another tab writes the visitor's record, or removes it. */
const elsewhere = (record?: object) => {
  const key = "_df.dk_test_1";
  const newValue = record ? JSON.stringify(record) : null;
  const oldValue = localStorage.getItem(key);
  if (newValue) localStorage.setItem(key, newValue);
  else localStorage.removeItem(key);
  window.dispatchEvent(Object.assign(new Event("storage"), { key, newValue, oldValue }));
};

describe("consent", () => {
  it("OptIn_BeforeADecision_StoresAndSendsNothing", async () => {
    const page = await somePage({ consent: "opt_in" });
    page.datafly.identify("user-1");
    await page.rest();
    window.dispatchEvent(new Event("pagehide"));
    expect(page.requests).toEqual([]);
    expect(page.beacons).toEqual([]);
    expect(page.stored()).toEqual({});
    expect(document.cookie).toBe("");
  });

  it("OptIn_WithoutADecision_KeepsNoMoreThanTheQueueMay", async () => {
    const page = await somePage({ consent: "opt_in" });
    for (let index = 0; index < 300; index++) page.datafly.track("Big", { index, text: "x".repeat(10_000) });
    await page.rest();
    page.datafly.consent({ analytics: true });
    await page.rest(5_000);
    expect(page.events.length).toBeGreaterThan(80);
    expect(page.events.length).toBeLessThan(100);
    expect(page.events.at(-1)!.properties!.index).toBe(299);
  });

  it("OptIn_Grant_SendsWhatWaitedWithTheDecision", async () => {
    const page = await somePage({ consent: "opt_in" });
    page.datafly.consent({ analytics: true });
    await page.rest();
    expect(page.names).toEqual(["page"]);
    expect(page.events[0].context.consent).toEqual({ analytics: true });
    const next = await somePage({ consent: "opt_in" });
    expect(next.names).toEqual(["page"]);
    expect(next.events[0].anonymousId).toBe(page.events[0].anonymousId);
  });

  it("OptIn_Refusal_ForgetsWhatWaitedForEver", async () => {
    const page = await somePage({ consent: "opt_in" });
    page.datafly.consent({ analytics: false });
    page.datafly.track("While refused");
    await page.rest();
    page.datafly.consent({ analytics: true });
    page.datafly.track("After");
    await page.rest();
    expect(page.names).toEqual(["After"]);
  });

  it("OptIn_RefusalWithoutEarlierGrant_TellsNobody", async () => {
    const page = await somePage({ consent: "opt_in" });
    page.datafly.consent({ analytics: false });
    await page.rest();
    expect(page.requests).toEqual([]);
    expect(page.stored()).toEqual({});
  });

  it.each([["opt_in" as const], ["opt_out" as const]])("Withdrawal_In %s_EmptiesTheQueueTellsTheServerAndForgets", async (consent) => {
    const page = await new Page().load({ consent });
    page.datafly.consent({ analytics: true });
    await page.rest();
    const { anonymousId } = page.events[0];
    page.requests.length = 0;
    page.datafly.track("Never sent");
    page.datafly.consent({ analytics: false });
    page.datafly.track("Refused");
    await page.rest();
    expect(page.requests.map((request) => request.path)).toEqual(["/v1/b", "/v1/reset"]);
    expect(page.requests[0].body.batch).toMatchObject([{ type: "identify", anonymousId, context: { consent: { analytics: false } } }]);
    expect(page.requests[1].body).toEqual({ forget: true, writeKey: "dk_test_1" });
    expect(JSON.stringify(page.stored())).not.toContain(anonymousId);
    // Where events flow by default, the refusal itself must outlive the page.
    expect(Object.values(page.stored()).map((record) => JSON.parse(record))).toEqual(consent === "opt_in" ? [] : [{ c: { analytics: false }, w: false }]);
  });

  it.each([["opt_in" as const], ["opt_out" as const]])("Withdrawal_In %s_UnansweredWhenThePageDies_IsToldByTheNextPageFirst", async (consent) => {
    const page = await new Page().load({ consent });
    page.datafly.consent({ analytics: true });
    await page.rest();
    const { anonymousId } = page.events[0];
    page.replies = Array(9).fill("network error");
    page.datafly.identify("user-1", { plan: "pro" });
    page.datafly.consent({ analytics: false });
    await page.rest();
    expect(Object.values(page.stored()).map((record) => JSON.parse(record))).toEqual([{ a: anonymousId, c: { analytics: false }, w: true }]);
    vi.clearAllTimers();
    const next = await somePage({ consent });
    expect(next.requests.map((request) => request.path)).toEqual(["/v1/b", "/v1/reset"]);
    expect(next.events).toMatchObject([{ type: "identify", anonymousId, context: { consent: { analytics: false } } }]);
    expect(JSON.stringify(next.stored())).not.toContain(anonymousId);
    expect((await somePage({ consent })).requests).toEqual([]);
  });

  it("Withdrawal_ToldCategoryByCategory_IsStillToldAfterThePageDied", async () => {
    const page = await somePage({ consent: "opt_in" });
    page.datafly.consent({ analytics: true, marketing: true });
    await page.rest();
    const { anonymousId } = page.events[0];
    page.replies = Array(9).fill("network error");
    page.datafly.consent({ analytics: false });
    page.datafly.consent({ marketing: false });
    await page.rest();
    vi.clearAllTimers();
    const next = await somePage({ consent: "opt_in" });
    expect(next.requests.map((request) => request.path)).toEqual(["/v1/b", "/v1/reset"]);
    expect(next.events).toMatchObject([{ anonymousId, context: { consent: { analytics: false, marketing: false } } }]);
  });

  it("Withdrawal_TakenBackBeforeItWasTold_IsNotToldLater", async () => {
    const page = await somePage({ consent: "opt_in" });
    page.datafly.consent({ analytics: true });
    await page.rest();
    page.replies = Array(9).fill("network error");
    page.datafly.consent({ analytics: false });
    await page.rest();
    page.datafly.consent({ analytics: true });
    page.replies = [];
    vi.clearAllTimers();
    const next = await somePage({ consent: "opt_in" });
    expect(next.requests.map((request) => request.path)).toEqual(["/v1/b"]);
    expect(next.names).toEqual(["page"]);
  });

  it("OptOut_RememberedRefusal_HoldsOnTheNextPageUntilAGrant", async () => {
    const first = await somePage();
    first.datafly.consent({ analytics: false });
    await first.rest();
    const second = await somePage();
    expect(second.requests).toEqual([]);
    second.datafly.consent({ analytics: true });
    second.datafly.track("Back");
    await second.rest();
    expect(second.names).toEqual(["Back"]);
    expect(second.events[0].anonymousId).not.toBe(first.events[0].anonymousId);
    const third = await somePage();
    expect(third.names).toEqual(["page"]);
  });

  it("Withdrawal_InAnotherTab_IsARefusalHereUntilTheNextGrant", async () => {
    const here = await somePage({ consent: "opt_in" });
    here.datafly.consent({ analytics: true });
    await here.rest();
    // The other tab takes over the decision, tells the server and removes the record.
    elsewhere({ a: "1", c: { analytics: false }, w: true });
    elsewhere();
    here.datafly.track("While refused");
    await here.rest();
    here.datafly.consent({ analytics: true });
    here.datafly.track("After");
    await here.rest();
    expect(here.names).toEqual(["page", "After"]);
  });

  it("Withdrawal_InTwoTabsAtOnce_IsToldAndNothingOfTheRefusalIsSentLater", async () => {
    const here = await somePage({ consent: "opt_in" });
    here.datafly.consent({ analytics: true });
    await here.rest();
    const told = vi.fn();
    here.datafly.on("consent", told);
    here.datafly.consent({ analytics: false });
    // The other tab had not heard of it, and tells the server first.
    elsewhere({ a: "1", c: { analytics: false }, w: true });
    elsewhere();
    here.datafly.track("While refused");
    await here.rest();
    expect(here.requests.slice(1).map(({ path, body }) => [path, body.forget ?? body.batch![0].type])).toEqual([["/v1/b", "identify"], ["/v1/reset", true]]);
    here.datafly.consent({ analytics: true });
    here.datafly.track("After");
    await here.rest();
    expect(here.names).toEqual(["page", "identify", "After"]);
    expect(told.mock.calls).toEqual([[{ analytics: false }], [{ analytics: true }]]);
  });

  it("Grant_InAnotherTab_LetsWhatWaitsHereGoAsTheSameVisitor", async () => {
    const here = await somePage({ consent: "opt_in" });
    here.datafly.track("Waiting");
    elsewhere({ a: "visitor-of-both", u: "user-1", c: { analytics: true } });
    await here.rest();
    expect(here.names).toEqual(["page", "Waiting"]);
    here.datafly.track("After");
    await here.rest();
    expect(here.events.at(-1)).toMatchObject({ anonymousId: "visitor-of-both", userId: "user-1" });
    expect(JSON.parse(Object.values(here.stored())[0])).toEqual({ a: "visitor-of-both", u: "user-1", c: { analytics: true } });
  });

  it.each(["opt_in", "opt_out"] as const)("Decision_InAnotherTab_%s_IsToldToListenersOnce", async (consent) => {
    const here = await somePage({ consent });
    const told = vi.fn();
    here.datafly.on("consent", told);
    elsewhere({ a: "1", c: { analytics: true } });
    elsewhere({ a: "1", c: { analytics: true }, u: "user-1", t: { plan: "pro" } });
    elsewhere({ a: "1", c: { analytics: false }, w: true });
    elsewhere();
    expect(told.mock.calls).toEqual([[{ analytics: true }], [{ analytics: false }]]);
  });

  it("Record_OfAnotherTabWithoutADecision_IsNoDecision", async () => {
    const here = await somePage();
    const told = vi.fn();
    here.datafly.on("consent", told);
    elsewhere({ a: "1", u: "user-1" });
    elsewhere({ a: "1", u: "user-2" });
    expect(told).not.toHaveBeenCalled();
  });

  it("Refusal_InAnotherTab_EndsWhatWaitsHere", async () => {
    const here = await somePage({ consent: "opt_in" });
    elsewhere({ a: "1", c: { analytics: false }, w: true });
    elsewhere();
    here.datafly.track("While refused");
    await here.rest();
    expect(here.requests).toEqual([]);
    here.datafly.consent({ analytics: true });
    here.datafly.track("After");
    await here.rest();
    expect(here.names).toEqual(["After"]);
  });

  it("Refusal_OfAnotherCategory_IsToldAndEventsGoOn", async () => {
    const page = await somePage();
    page.datafly.consent({ marketing: false });
    page.datafly.track("Goes on");
    await page.rest();
    expect(page.requests.map((request) => request.path)).not.toContain("/v1/reset");
    expect(page.events.at(-1)).toMatchObject({ event: "Goes on", context: { consent: { marketing: false } } });
  });

  it("Consent_Repeated_ChangesNothing", async () => {
    const page = await somePage();
    const told = vi.fn();
    page.datafly.on("consent", told);
    page.datafly.consent({ analytics: false });
    page.datafly.consent({ analytics: false });
    await page.rest();
    expect(told).toHaveBeenCalledTimes(1);
    expect(page.requests.filter((request) => request.path === "/v1/reset")).toHaveLength(1);
  });

  it("Consent_NotABoolean_Refuses", async () => {
    const page = await somePage({ consent: "opt_in" });
    page.datafly.consent({ analytics: "granted" as never });
    await page.rest();
    expect(page.requests).toEqual([]);
  });

  it("Consent_QueuedBeforeTheLoad_GoesBeforeTheFirstPageView", async () => {
    const page = await somePage({}, [], [["track", "Early"], ["consent", { analytics: false }]]);
    expect(page.names.filter((name) => name !== "identify")).toEqual([]);
  });

  it("Purposes_OfTheSource_DecideWhatFlows", async () => {
    const page = await somePage({ consent: "opt_in", purposes: ["analytics", "marketing"] });
    page.datafly.consent({ analytics: false });
    await page.rest();
    expect(page.requests).toEqual([]);
    page.datafly.consent({ marketing: true });
    await page.rest();
    expect(page.names).toEqual(["page"]);
    const free = await somePage({ consent: "opt_in", purposes: "essential" });
    expect(free.names).toEqual(["page"]);
  });

  it.each<[string, object, object, number]>([
    ["DNT forward", { dnt: "forward" }, { doNotTrack: "1" }, 1],
    ["DNT deny", { dnt: "deny" }, { doNotTrack: "1" }, 0],
    ["GPC deny_marketing", {}, { globalPrivacyControl: true }, 1],
    ["GPC deny_all", { gpc: "deny_all" }, { globalPrivacyControl: true }, 0],
    ["GPC deny_marketing of a marketing source", { purposes: "marketing" }, { globalPrivacyControl: true }, 0],
    ["GPC ignored", { gpc: "ignore", purposes: "marketing" }, { globalPrivacyControl: true }, 1],
    ["no signal", { dnt: "deny", gpc: "deny_all" }, {}, 1],
  ])("Signal_%s_IsObeyed", async (_, settings, has, requests) => {
    browser(has);
    const page = await somePage(settings, [signals as Part]);
    expect(page.requests).toHaveLength(requests);
    if (!requests) expect(page.stored()).toEqual({});
  });
});
