import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Part, Settings } from "../src/api";
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
