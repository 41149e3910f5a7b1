import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { part as hygiene } from "../src/parts/hygiene";
import { freshPage, leavePage, Page, somePage } from "./collector";

beforeEach(freshPage);
afterEach(leavePage);

const urls = (page: Page) => page.events.filter((event) => event.type === "page").map((event) => event.context.page.url.replace("https://shop.example.com", ""));

describe("pages", () => {
  it("Route_Pushed_IsAPageViewWithItsOwnTitleIdAndReferrer", async () => {
    const page = await somePage();
    history.pushState({}, "", "/products/5");
    page.datafly.track("Product Viewed");
    await page.rest(200);
    document.title = "Product 5";
    await page.rest();
    const [first, second, viewed] = page.events;
    expect(second.properties).toMatchObject({ url: "https://shop.example.com/products/5", title: "Product 5", referrer: first.context.page.url });
    expect(second.context.page.title).toBe("Product 5");
    expect(second.context.page.pv_id).not.toBe(first.context.page.pv_id);
    expect(viewed.context.page.pv_id).toBe(second.context.page.pv_id);
    expect(first.properties!.title).toBe("Start");
  });

  it("Route_ReplacedBeforeItWasSent_IsOnePageViewOfWhereItEnded", async () => {
    const page = await somePage();
    history.pushState({}, "", "/old");
    page.datafly.track("Redirecting");
    history.replaceState({}, "", "/new");
    document.title = "New";
    await page.rest();
    history.pushState({}, "", "/next");
    await page.rest();
    expect(urls(page)).toEqual(["/start?utm_source=news&utm_campaign=spring", "/new", "/next"]);
    const [first, , redirecting, next] = page.events;
    const view = page.events.find(({ properties }) => properties!.path === "/new")!;
    expect(view.properties).toMatchObject({ title: "New", referrer: first.context.page.url });
    expect(redirecting.context.page.pv_id).toBe(view.context.page.pv_id);
    expect(next.properties!.referrer).toBe("https://shop.example.com/new");
  });

  it("Back_WhenTheApplicationSetsItsTitleAtOnce_LeavesTheTitleBefore", async () => {
    const page = await somePage();
    history.pushState({}, "", "/a");
    document.title = "A";
    // Added later, yet heard later too.
    window.addEventListener("popstate", () => (document.title = "Start"));
    History.prototype.replaceState.call(history, {}, "", "/start");
    window.dispatchEvent(new Event("popstate"));
    await page.rest();
    expect(page.events.slice(1).map(({ properties }) => properties!.title)).toEqual(["A", "Start"]);
  });

  it("Routes_InQuickSuccession_KeepTheirTitles", async () => {
    const page = await somePage();
    history.pushState({}, "", "/a");
    document.title = "A";
    history.pushState({}, "", "/b");
    document.title = "B";
    await page.rest();
    expect(page.events.slice(1).map((event) => event.properties!.title)).toEqual(["A", "B"]);
  });

  it.each<[string, () => void, number]>([
    ["push of another path", () => history.pushState({}, "", "/other"), 2],
    ["push of another query", () => history.pushState({}, "", "?page=2"), 2],
    ["push of the same address", () => history.pushState({}, "", location.href), 1],
    ["push of a fragment", () => history.pushState({}, "", "#part"), 1],
    ["replace of another path", () => history.replaceState({}, "", "/other"), 2],
    ["replace of the query", () => history.replaceState({}, "", "?filter=red"), 1],
  ])("Route_%s_CountsAsItShould", async (_, move, views) => {
    const page = await somePage();
    move();
    await page.rest();
    expect(urls(page)).toHaveLength(views);
  });

  it("Fragment_AsRoute_CountsAndStays", async () => {
    const page = await somePage({ hash: "route" });
    history.pushState({}, "", "#/inbox");
    await page.rest();
    expect(urls(page)[1]).toBe("/start?utm_source=news&utm_campaign=spring#/inbox");
  });

  describe("with the Navigation API", () => {
    const globals = globalThis as { navigation?: EventTarget & { transition?: object | null } };
    const moved = (navigationType: string) => globals.navigation!.dispatchEvent(Object.assign(new Event("currententrychange"), { navigationType }));
    beforeEach(() => {
      globals.navigation = Object.assign(new EventTarget(), { transition: null });
    });
    afterEach(() => {
      delete globals.navigation;
    });

    it.each([["push", "/other", 2], ["push", "?page=2", 2], ["push", "#part", 1], ["replace", "/other", 2], ["replace", "?filter=red", 1], ["traverse", "/other", 2]])(
      "Route_%s to %s_Is %i views and history stays as it is",
      async (type, address, views) => {
        const { pushState } = history;
        const page = await somePage();
        expect(history.pushState).toBe(pushState);
        history.pushState({}, "", address);
        moved(type);
        await page.rest();
        expect(urls(page)).toHaveLength(views);
      },
    );

    it("Route_InTransition_IsSentWhenItHasRendered", async () => {
      const page = await somePage();
      globals.navigation!.transition = {};
      history.pushState({}, "", "/slow");
      moved("push");
      await page.rest(3_000);
      expect(page.names).toEqual(["page"]);
      document.title = "Slow";
      globals.navigation!.transition = null;
      globals.navigation!.dispatchEvent(new Event("navigatesuccess"));
      await page.rest();
      expect(page.events[1].properties!.title).toBe("Slow");
    });
  });

  it("Back_ByTheBrowser_IsAPageView", async () => {
    const page = await somePage();
    history.pushState({}, "", "/a");
    await page.rest();
    history.replaceState = History.prototype.replaceState;
    History.prototype.replaceState.call(history, {}, "", "/start");
    window.dispatchEvent(new Event("popstate"));
    await page.rest();
    expect(urls(page)).toHaveLength(3);
  });

  it("BackForwardCache_Restore_CountsOnce", async () => {
    const page = await somePage();
    window.dispatchEvent(new Event("pagehide"));
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    await page.rest();
    expect(urls(page)).toHaveLength(2);
    expect(new Set(page.events.map((event) => event.context.page.pv_id)).size).toBe(2);
  });

  it("Prerendered_Page_CountsWhenActivated", async () => {
    const prerendering = vi.fn().mockReturnValue(true);
    Object.defineProperty(document, "prerendering", { configurable: true, get: prerendering });
    const page = await new Page().load();
    page.datafly.track("Early");
    await page.rest(5_000);
    expect(page.requests).toEqual([]);
    expect(page.stored()).toEqual({});
    prerendering.mockReturnValue(false);
    document.dispatchEvent(new Event("prerenderingchange"));
    await page.rest();
    expect(page.names).toEqual(["page", "Early"]);
    delete (document as { prerendering?: boolean }).prerendering;
  });

  it("Pages_SwitchedOff_AreOnlyTheSite'sOwn", async () => {
    const page = await somePage({ pages: false });
    history.pushState({}, "", "/a");
    page.datafly.track("Only");
    await page.rest();
    expect(page.names).toEqual(["Only"]);
    expect(page.events[0].context.page.pv_id).toMatch(/^[0-9a-f]{6}$/);
  });

  it.each<[string, object, string, string]>([
    ["a fragment", {}, "/x?a=1#token=abc", "/x?a=1"],
    ["a kept fragment", { hash: "keep" }, "/x#part", "/x#part"],
    ["an e-mail address in a parameter", {}, "/x?mail=ann@example.com&b=2", "/x?mail=&b=2"],
    ["an encoded one", {}, "/x?mail=ann%40example.com", "/x?mail="],
    ["one in the path", {}, "/unsubscribe/ann@example.com/now", "/unsubscribe//now"],
    ["one encoded twice", {}, "/x?mail=ann%2540example.com&b=2", "/x?mail=&b=2"],
    ["one in another address", {}, "/x?to=https%3A%2F%2Fa.example%2F%3Fm%3Dann%2540example.com", "/x?to="],
    ["an image for dense screens", {}, "/img/logo@2x.png", "/img/logo@2x.png"],
    ["one between the densities", {}, "/img/logo@1.5x.png", "/img/logo@1.5x.png"],
    ["a package version", {}, "/npm/react@18.2.0", "/npm/react@18.2.0"],
    ["a handle", {}, "/@ann.lee", "/@ann.lee"],
    ["a denied parameter", { deny: ["token", "sid"] }, "/x?token=1&a=1&sid=2", "/x?a=1"],
    ["a denied parameter as text", { deny: "token,sid" }, "/x?token=1&a=1&sid=2", "/x?a=1"],
    ["denied parameters with spaces between", { deny: "token, sid" }, "/x?token=1&a=1&sid=2", "/x?a=1"],
    ["an allow list with spaces", { allow: "a, b" }, "/x?token=1&a=1&b=2", "/x?a=1&b=2"],
    ["an allow list", { allow: ["a"] }, "/x?token=1&a=1&utm_source=news", "/x?a=1&utm_source=news"],
  ])("Address_With %s_IsCleaned", async (_, settings, address, cleaned) => {
    history.replaceState({}, "", address);
    const page = await somePage(settings, [hygiene]);
    expect(urls(page)).toEqual([cleaned]);
    expect(page.events[0].properties!.url).toBe("https://shop.example.com" + cleaned);
    page.datafly.track("Also here", { url: location.href });
    await page.rest();
    expect(page.events[1].properties!.url).toBe("https://shop.example.com" + cleaned);
  });

  it("Addresses_GivenByTheCaller_AreCleanedLikeTheAutomaticOnes", async () => {
    const page = await somePage({ pages: false, deny: "token" }, [hygiene]);
    page.datafly.page({
      url: "/virtual?token=1&b=2#c",
      referrer: "https://mail.example.net/?for=ann%2540example.com&token=1",
      path: "/unsubscribe/ann@example.com/now?token=1",
      search: "?mail=ann@example.com&token=1&b=2",
    });
    page.datafly.track("Plain", { path: "/a/b", referrer: "", search: "red shoes" });
    await page.rest();
    expect(page.events[0].properties).toMatchObject({
      url: "https://shop.example.com/virtual?b=2",
      referrer: "https://mail.example.net/?for=",
      path: "/unsubscribe//now",
      search: "?mail=&b=2",
    });
    expect(page.events[1].properties).toEqual({ path: "/a/b", referrer: "", search: "red shoes" });
  });

  it.each(["%40", "a%2540", "aB3-"])("Address_OfThousands %s_IsCleanedInNoTime", async (part) => {
    history.replaceState({}, "", `/x?t=${part.repeat(2_500)}`);
    const began = performance.now();
    await somePage();
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  it("Timings_OfTheLoad_GoWithItsPageViewOnly", async () => {
    const marks = { fetchStart: 1_005, connectEnd: 1_025, responseStart: 1_126, loadEventEnd: 0 };
    vi.stubGlobal("performance", Object.create(performance, { timing: { value: marks } }));
    const page = await somePage();
    history.pushState({}, "", "/next");
    await page.rest();
    expect(page.events[0].context.performance).toEqual(marks);
    expect(page.events[1].context.performance).toBeUndefined();
  });

  it("ClientHints_OfTheBrowser_AreSent", async () => {
    const userAgentData = { toJSON: () => ({ mobile: false, platform: "Linux" }) };
    vi.stubGlobal("navigator", Object.create(navigator, { userAgentData: { value: userAgentData }, onLine: { value: true } }));
    const page = await somePage();
    expect(page.events[0].context.userAgentData).toEqual({ mobile: false, platform: "Linux" });
  });
});
