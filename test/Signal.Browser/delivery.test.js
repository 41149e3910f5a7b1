import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./browser.js";
import { idle, openWorld, pass } from "./world.js";

const world = openWorld();

const ids = (source) => source.requests().flatMap((request) => request.body.batch ?? []).map((event) => event.messageId);
const steps = (source) => source.events().filter(({ event }) => event === "Step").map(({ properties }) => properties.step);
const unavailable = (more) => ({ status: 503, headers: { "Content-Type": "application/json", ...more } });

test("PageView_OfAPlainPage_ArrivesByOneSimpleRequestWithACookie", async () => {
  const source = await world.source();
  const page = await world.open(world.put("/plain", source, { title: "Plain" }));
  await source.delivered(1);
  const [request] = source.requests();
  assert.equal(request.path, "/v1/b");
  assert.equal(request.method, "POST");
  assert.match(request.type, /^text\/plain/);
  assert.match(request.setCookie, /_dfid=.*HttpOnly/i);
  assert.equal(source.events()[0].properties.title, "Plain");
  assert.equal(await page.evaluate(() => document.cookie), "");
});

test("TabClosed_DuringTheRequest_LosesNothingAndCountsNothingTwice", async () => {
  const source = await world.source();
  const page = await world.open(world.put("/closing", source));
  world.site.delay = 3_000;
  await page.evaluate(() => (datafly.track("Last words"), datafly.flush()));
  await until(() => source.requests().length, "the request to be under way");
  await page.close();
  world.site.delay = 0;
  await world.open(world.site.origin + "/closing");
  await source.delivered(3);
  assert.deepEqual(source.names().sort(), ["Last words", "page", "page"]);
});

test("TabClosed_BeforeTheRequest_IsABeacon", async () => {
  const source = await world.source();
  const page = await world.open(world.put("/beacon", source));
  await page.evaluate(() => datafly.track("Leaving"));
  await page.close({ runBeforeUnload: true });
  await source.delivered(2);
  assert.deepEqual(source.names(), ["page", "Leaving"]);
});

for (const way of ["closed", "left"])
  test(`TabClosed_WithAnEventOfThePagesLaterListener_${way}_IsABeaconToo`, async () => {
    const source = await world.source();
    world.site.pages["/next"] = "<!doctype html><title>Next</title>";
    const page = await world.open(world.put(`/last-words-${way}`, source));
    await source.settled(1);
    await idle(page, source);
    await page.evaluate(() => {
      addEventListener("pagehide", () => datafly.track("Hiding"));
      addEventListener("visibilitychange", () => document.hidden && datafly.track("Hidden"));
    });
    if (way === "closed") await page.close({ runBeforeUnload: true });
    else await page.goto(world.site.origin + "/next");
    await source.delivered(3);
    assert.deepEqual(source.names().sort(), ["Hidden", "Hiding", "page"]);
  });

test("Server503_WithRetryAfter_IsLeftAloneByTheNextPageAndByOtherTabs", async () => {
  const source = await world.source();
  const url = world.put("/leave-alone", source);
  world.site.fault = unavailable({ "Retry-After": "60" });
  const first = await world.openWithClock(url);
  await until(() => source.requests()[0]?.status, "the first try");
  world.site.fault = undefined;
  const second = await world.open(url);
  await pass(second, source, 20_000);
  await pass(first, source, 20_000);
  assert.equal(source.requests().length, 1, "nobody asks again");
  await pass(second, source, 80_000);
  await source.delivered(2);
});

test("Server503_WithRetryAfter_IsLeftAloneByAClosingPageToo", async () => {
  const source = await world.source();
  const url = world.put("/closing-in-a-pause", source);
  world.site.fault = unavailable({ "Retry-After": "4" });
  const first = await world.open(url);
  await until(() => source.requests()[0]?.status, "the first try");
  world.site.fault = undefined;
  await first.evaluate(() => datafly.track("Leaving"));
  await first.close({ runBeforeUnload: true });
  const second = await world.open(url);
  assert.equal(source.requests().length, 1, "no beacon");
  await source.delivered(3);
  assert.deepEqual(source.names().sort(), ["Leaving", "page", "page"]);
  await idle(second, source);
});

test("OtherTab_ThatSendsMeanwhile_DoesNotTakeAPageViewBeforeItsTitle", async () => {
  const source = await world.source();
  const here = await world.open(world.put("/sending", source));
  await source.settled(1);
  await idle(here, source);
  const late = `<script>window.datafly=[["ready",()=>setTimeout(()=>document.title="Rendered",700)]]</script>`;
  await world.open(world.put("/rendering", source, { head: late, title: "Loading" }));
  await here.evaluate(() => (datafly.track("Meanwhile"), datafly.flush()));
  await source.delivered(3);
  assert.deepEqual(source.events().filter(({ type }) => type === "page").map(({ properties }) => properties.title), ["/sending", "Rendered"]);
});

test("OtherTab_ThatSendsMeanwhile_LeavesASlowRouteItsTitle", async () => {
  const source = await world.source();
  const here = await world.open(world.put("/sending-on", source));
  const there = await world.open(world.put("/slow-route", source));
  await source.settled(2);
  for (const tab of [here, there]) await idle(tab, source);
  await there.evaluate(() => {
    navigation.addEventListener("navigate", (event) => event.intercept({ handler: () => new Promise((done) => setTimeout(() => ((document.title = "Rendered at last"), done()), 3_500)) }));
    void navigation.navigate("/slow-route/2");
  });
  for (let second = 0; second < 3; second++) {
    await here.evaluate(() => (datafly.track("Meanwhile"), datafly.flush()));
    await source.settled(3 + second);
    await here.waitForTimeout(1_000);
  }
  await source.delivered(6);
  assert.equal(source.events().at(-1).properties.title, "Rendered at last");
});

test("Offline_ThenOnline_SendsEverythingInOrderWithItsOwnTime", async () => {
  const source = await world.source();
  const page = await world.openWithClock(world.put("/offline", source));
  await source.settled(1);
  await world.visitor.setOffline(true);
  for (let index = 0; index < 5; index++) await page.evaluate((step) => datafly.track("Step", { step }), index);
  await page.clock.runFor(60_000);
  assert.deepEqual(source.names(), ["page"]);
  await world.visitor.setOffline(false);
  await page.clock.runFor(2_000);
  await source.delivered(6);
  assert.deepEqual(steps(source), [0, 1, 2, 3, 4]);
  const { sentAt, batch } = source.requests().at(-1).body;
  assert.ok(Date.parse(sentAt) - Date.parse(batch[0].originalTimestamp) >= 60_000, "the events carry their own time");
});

test("Server503_ThenBack_SendsTheSameEventsOnceAndNotBeforeItMay", async () => {
  const source = await world.source();
  world.site.fault = unavailable({ "Retry-After": "30" });
  const page = await world.openWithClock(world.put("/outage", source));
  await page.evaluate(() => datafly.track("During the outage"));
  await until(() => source.requests()[0]?.status, "the first try");
  world.site.fault = undefined;
  await pass(page, source, 20_000);
  assert.equal(source.requests().length, 1, "Retry-After is kept");
  await pass(page, source, 30_000);
  await source.delivered(2);
  assert.deepEqual(source.names(), ["page", "During the outage"]);
  assert.equal(new Set(ids(source)).size, 2);
});

test("ServerAway_ForLong_IsAskedEverMoreSeldom", async () => {
  const source = await world.source();
  world.site.fault = unavailable();
  const page = await world.openWithClock(world.put("/long-outage", source));
  for (let minute = 0; minute < 10; minute++) await pass(page, source, 60_000);
  assert.ok(source.requests().length >= 4 && source.requests().length <= 12, `${source.requests().length} tries in ten minutes`);
  world.site.fault = undefined;
  for (let minute = 0; minute < 8 && !source.names().length; minute++) await pass(page, source, 60_000);
  await source.delivered(1);
});

test("TwoTabs_OneQueue_EachEventIsSentExactlyOnceAndTheVisitorIsOne", async () => {
  const source = await world.source();
  const url = world.put("/tabs", source);
  const tabs = [await world.open(url), await world.open(url)];
  await source.settled(2);
  for (const tab of tabs) await idle(tab, source);
  await world.visitor.setOffline(true);
  await Promise.all(tabs.map((tab, from) => tab.evaluate((number) => [1, 2, 3].forEach((step) => datafly.track("Step", { step, from: number })), from)));
  await world.visitor.setOffline(false);
  await source.delivered(8);
  for (const tab of tabs) await idle(tab, source);
  assert.equal(ids(source).length, 8, "no event travels twice");
  assert.equal(new Set(ids(source)).size, 8);
  assert.equal(new Set(source.events().map((event) => event.anonymousId)).size, 1);
});

test("Event_LargerThanTheServerTakes_IsToldAndTheOthersGoOn", async (context) => {
  if (!world.signal) return context.skip("needs the program");
  const source = await world.source();
  const page = await world.open(world.put("/large", source));
  await source.settled(1);
  await page.evaluate(() => {
    window.refused = [];
    datafly.on("error", ({ code }, event) => event && refused.push([code, event.event]));
    datafly.track("Large", { text: "x".repeat(70_000) });
    // Few characters of many bytes: only the server can tell.
    datafly.track("Wide", { text: "漢".repeat(30_000) });
    datafly.track("Goes on");
  });
  await page.waitForFunction(() => refused.length === 2);
  assert.deepEqual(await page.evaluate(() => refused), [["EVENT_TOO_LARGE", "Large"], ["EVENT_TOO_LARGE", "Wide"]]);
  await idle(page, source);
  await until(async () => (await source.deliveries()).filter(({ outcome }) => outcome === "delivered").length === 2, "the other two in Matomo");
  assert.deepEqual((await source.deliveries()).map(({ event }) => event).sort(), ["Goes on", null]);
});

test("Burst_Of200_ArrivesWholeAndInOrder", async () => {
  const source = await world.source();
  const page = await world.open(world.put("/burst", source));
  await page.evaluate(() => {
    for (let step = 0; step < 200; step++) datafly.track("Step", { step });
  });
  await source.delivered(201);
  assert.deepEqual(steps(source), [...Array(200).keys()]);
  assert.ok(source.requests().length <= 6, `${source.requests().length} requests`);
});

test("Burst_Of200OnAClosingTab_ArrivesWhole", async () => {
  const source = await world.source();
  const page = await world.open(world.put("/burst-closing", source));
  await page.evaluate(() => {
    for (let step = 0; step < 200; step++) datafly.track("Step", { step });
  });
  await page.close({ runBeforeUnload: true });
  await world.open(world.site.origin + "/burst-closing");
  await source.delivered(202);
});

test("EndlessLoop_OfAWildPage_IsBoundedAndThePageLivesOn", async () => {
  const source = await world.source();
  const page = await world.openWithClock(world.put("/wild", source));
  const errors = await page.evaluate(() => {
    const codes = [];
    datafly.on("error", ({ code }) => codes.push(code));
    for (let round = 0; round < 20_000; round++) datafly.track("Loop", { round });
    return codes;
  });
  assert.deepEqual(errors, ["THROTTLED"], "told once");
  await pass(page, source, 20_000);
  await idle(page, source);
  assert.ok(source.events().length <= 600, `${source.events().length} events`);
  await page.clock.runFor(60_000);
  await page.evaluate(() => datafly.track("Later"));
  await until(() => source.names().includes("Later"), "the page to be heard again");
});

test("TwoCopies_OnOnePage_CountOnce", async () => {
  const source = await world.source();
  const page = await world.open(world.put("/twice", source, { head: `<script async src="${source.script}?again"></script>` }));
  await source.delivered(1);
  await idle(page, source);
  assert.deepEqual(source.names(), ["page"]);
});

test("Stub_QueuesCalls_UntilTheScriptIsThere", async () => {
  const source = await world.source();
  const stub = `<script>window.datafly=window.datafly||[];datafly.push(["track","Early"]);datafly.push(["identify","user-1"])</script>`;
  await world.open(world.put("/stub", source, { head: stub }));
  await source.settled(3);
  assert.deepEqual(source.names(), ["page", "Early", "identify"]);
});

test("Global_Renamed_LeavesTheUsualNameAlone", async () => {
  const source = await world.source();
  world.site.pages["/renamed"] = `<!doctype html><title>Renamed</title><script>window.datafly="mine"</script><script async src="/d.js" data-pipeline-key="${source.pipelineKey}" data-global="signal"></script>`;
  await world.welcome();
  const page = await world.visitor.newPage();
  await page.goto(world.site.origin + "/renamed");
  await page.waitForFunction(() => window.signal?.version);
  await page.evaluate(() => signal.track("Renamed"));
  await source.delivered(2);
  assert.equal(await page.evaluate(() => window.datafly), "mine");
});

test("OtherOrigin_OfScriptAndCollection_WorksWithACookieAndNoPreflight", async (context) => {
  if (!world.signal) return context.skip("needs the program");
  const source = await world.source();
  world.site.pages["/across"] = `<!doctype html><title>Across</title><script async src="${world.signal.collect}${source.script}"></script>`;
  await world.welcome();
  const page = await world.visitor.newPage();
  const methods = [];
  page.on("request", (request) => request.url().includes("/v1/") && methods.push(request.method()));
  const answered = page.waitForResponse(/\/v1\/b$/);
  await page.goto(world.site.origin + "/across");
  assert.deepEqual(await (await answered).json(), { success: true, accepted: 1, errors: [] });
  assert.deepEqual(methods, ["POST"]);
  assert.deepEqual((await world.visitor.cookies()).map(({ name, httpOnly }) => [name, httpOnly]), [["_dfid", true]]);
  await until(async () => (await source.deliveries()).some(({ outcome }) => outcome === "delivered"), "the page view in Matomo");
});

test("Script_AsServed_IsAtMost4096BytesInGzip", async (context) => {
  if (!world.signal) return context.skip("needs the program");
  const source = await world.source({ heartbeat: undefined });
  for (const path of ["/d.js", source.script]) {
    const { headers } = await fetch(world.signal.collect + path, { headers: { "Accept-Encoding": "gzip" } });
    assert.equal(headers.get("Content-Encoding"), "gzip");
    assert.ok(+headers.get("Content-Length") <= 4_096, `${path} has ${headers.get("Content-Length")} bytes`);
  }
});

test("Debug_OfAnEvent_LogsItWithTheServersAnswer", async () => {
  const source = await world.source();
  const page = await world.open(world.put("/debug", source));
  await source.settled(1);
  const lines = [];
  page.on("console", (message) => lines.push(message.text()));
  await page.evaluate(() => (datafly.debug(), datafly.track("Watched"), datafly.flush()));
  await until(() => lines.some((line) => line.startsWith("[datafly] sent") && line.includes("success")), "the answer in the console");
  assert.ok(lines.some((line) => line.startsWith("[datafly] event")));
});

test("Reset_AfterSignOut_IsANewVisitorForTheServerToo", async () => {
  const source = await world.source();
  const page = await world.open(world.put("/reset", source));
  await source.settled(1);
  await page.evaluate(() => (datafly.identify("user-1"), datafly.track("Before"), datafly.reset(), datafly.track("After")));
  await source.settled(4);
  assert.deepEqual(source.requests().map((request) => request.path), ["/v1/b", "/v1/b", "/v1/reset", "/v1/b"]);
  const [, before, , later] = source.requests();
  assert.notEqual(later.cookie, before.cookie);
  assert.equal(source.events().at(-1).userId, undefined);
});

test("Reset_ThenAnotherPage_IsOneNewVisitorThoughTheBeaconIsSentAgain", async (context) => {
  if (!world.signal) return context.skip("needs the program");
  const source = await world.source();
  world.put("/signed-out", source);
  const page = await world.open(world.put("/signing-out", source));
  await source.settled(1);
  await idle(page, source);
  await page.evaluate(() => (datafly.reset(), (location.href = "/signed-out")));
  await source.settled(2);
  const resets = () => source.requests().filter(({ path, status }) => path === "/v1/reset" && status);
  await until(() => resets().length === 2, "the reset to be sent again");
  const [first, again] = resets().map(({ setCookie }) => /_dfid=([^;]+)/.exec(setCookie)[1]);
  assert.equal(again, first);
  assert.notEqual(first, resets()[0].cookie);
});
