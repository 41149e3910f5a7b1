import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConsentState } from "../src/api";
import { part as cookie } from "../src/parts/consent-cookie";
import { part as gcm } from "../src/parts/consent-gcm";
import { part as klaro } from "../src/parts/consent-klaro";
import { part as onetrust } from "../src/parts/consent-onetrust";
import { part as tcf } from "../src/parts/consent-tcf";
import { freshPage, leavePage, somePage, unload } from "./collector";
import { globals, type Tool, tools } from "./tools";

beforeEach(freshPage);
afterEach(leavePage);

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

  it.each([true, false])("OptIn_ToolAsksAgainOnAReturnVisit_NothingFlowsUntilTheAnswer %s", async (isGranted) => {
    const settings = { consent: "opt_in" as const, ...tool.settings };
    const first = await somePage(settings, [tool.part]);
    tool.arrive();
    await first.rest(5_000);
    tool.answer(true);
    await first.rest(3_000);
    const { anonymousId } = first.events[0];
    const kept = first.stored();
    expect(Object.keys(kept)).toHaveLength(1);
    unload();
    tool.leave();
    tool = tools[name]();
    const second = await somePage(settings, [tool.part]);
    await second.rest(5_000);
    tool.arrive();
    second.datafly.track("Waiting");
    await second.rest(5_000);
    window.dispatchEvent(new Event("pagehide"));
    window.dispatchEvent(new Event("pageshow"));
    expect(second.requests).toEqual([]);
    expect(second.beacons).toEqual([]);
    expect(second.stored()).toEqual(kept);
    tool.answer(isGranted);
    await second.rest(3_000);
    if (isGranted) expect(second.events.map((event) => [event.event ?? event.type, event.anonymousId])).toEqual([["page", anonymousId], ["Waiting", anonymousId]]);
    else {
      expect(second.requests.map((request) => request.path)).toEqual(["/v1/b", "/v1/reset"]);
      expect(second.events).toMatchObject([{ type: "identify", anonymousId, context: { consent: { analytics: false } } }]);
      expect(second.stored()).toEqual({});
    }
  });

  it("OptOut_BeforeTheToolIsThere_EventsFlow", async () => {
    const page = await somePage(tool.settings, [tool.part]);
    expect(page.names).toEqual(["page"]);
  });
});

describe("consent readers", () => {
  it.each([
    ["while it loads", { eventStatus: undefined, gdprApplies: undefined }],
    ["while it asks again, though the old answer is still there", { eventStatus: "cmpuishown", gdprApplies: true }],
  ])("Tcf_%s_IsNoAnswer", async (_, state) => {
    const consents = { 1: true, 8: true };
    let callback: (data: object, ok: boolean) => void = () => undefined;
    globals.__tcfapi = (__: string, ___: number, listener: typeof callback) => (callback = listener)({ ...state, purpose: { consents } }, true);
    const page = await somePage({ consent: "opt_in" }, [tcf]);
    delete globals.__tcfapi;
    expect(page.requests).toEqual([]);
    callback({ eventStatus: "tcloaded", gdprApplies: true, purpose: { consents } }, true);
    await page.rest();
    expect(page.names).toEqual(["page"]);
  });

  it("Didomi_ThatAsksAgain_IsNotBelievedWhatItHolds", async () => {
    const purposes = { cookies: { enabled: true }, measure_content_performance: { enabled: true } };
    let isAsking = true;
    let changed: () => void = () => undefined;
    globals.didomiOnReady = { push: (ready: (sdk: object) => void) => ready({ getCurrentUserStatus: () => ({ purposes }), shouldUserStatusBeCollected: () => isAsking, on: (_: string, listener: () => void) => (changed = listener) }) };
    const page = await somePage({ consent: "opt_in" }, [tools.didomi().part]);
    delete globals.didomiOnReady;
    expect(page.requests).toEqual([]);
    isAsking = false;
    changed();
    await page.rest();
    expect(page.names).toEqual(["page"]);
  });

  it("Cookie_ThatIsGoneAgain_ClosesTheGate", async () => {
    document.cookie = "choice=yes; path=/";
    const page = await somePage({ consent: "opt_in", cookie: "choice" }, [cookie]);
    document.cookie = "choice=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT";
    await page.rest(2_000);
    page.datafly.track("After its end");
    await page.rest(5_000);
    expect(page.names).toEqual(["page"]);
  });

  it("Grant_InAnotherTab_AnswersForThisOneToo", async () => {
    const { part, arrive, leave } = tools.onetrust();
    localStorage.setItem("_df.dk_test_1", '{"a":"1","c":{"analytics":true}}');
    const page = await somePage({ consent: "opt_in" }, [part]);
    arrive();
    await page.rest(5_000);
    expect(page.requests).toEqual([]);
    window.dispatchEvent(Object.assign(new Event("storage"), { key: "_df.dk_test_1", newValue: '{"a":"1","c":{"analytics":true}}' }));
    await page.rest();
    leave();
    expect(page.names).toEqual(["page"]);
  });

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
