import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { until } from "./browser.js";
import { openWorld, ready } from "./world.js";

const world = openWorld();
let visitor;
const open = async (url) => {
  visitor ??= await world.visitor();
  const page = await visitor.newPage();
  await page.goto(url);
  await ready(page);
  return page;
};
afterEach(async () => {
  world.site.fault = undefined;
  world.site.delay = 0;
  assert.deepEqual(visitor?.problems ?? [], [], "nothing throws into the page");
  await visitor?.close();
  visitor = undefined;
});

const ids = (source) => source.requests().flatMap((request) => request.body.batch ?? []).map((event) => event.messageId);

test("PageView_OfAPlainPage_ArrivesByOneSimpleRequestWithACookie", async () => {
  const source = await world.source();
  const page = await open(world.put("/plain", source, { title: "Plain" }));
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
  const page = await open(world.put("/closing", source));
  world.site.delay = 3_000;
  await page.evaluate(() => (datafly.track("Last words"), datafly.flush()));
  await until(() => source.requests().length, "the request to be under way");
  await page.close();
  world.site.delay = 0;
  await open(world.site.origin + "/closing");
  await source.delivered(3);
  assert.deepEqual(source.names().sort(), ["Last words", "page", "page"]);
});

test("TabClosed_BeforeTheRequest_IsABeacon", async () => {
  const source = await world.source();
  const page = await open(world.put("/beacon", source));
  await page.evaluate(() => datafly.track("Leaving"));
  await page.close({ runBeforeUnload: true });
  await source.delivered(2);
  assert.deepEqual(source.names(), ["page", "Leaving"]);
});

test("Offline_ThenOnline_SendsEverythingInOrder", async () => {
  const source = await world.source();
  const page = await open(world.put("/offline", source));
  await source.settled(1);
  await visitor.setOffline(true);
  for (let index = 0; index < 5; index++) await page.evaluate((step) => datafly.track("Step", { step }), index);
  await page.waitForTimeout(1_500);
  assert.deepEqual(source.names(), ["page"]);
  await visitor.setOffline(false);
  await source.delivered(6);
  assert.deepEqual(source.events().slice(1).map((event) => event.properties.step), [0, 1, 2, 3, 4]);
  const stated = source.requests().at(-1).body;
  assert.ok(Date.parse(stated.sentAt) - Date.parse(stated.batch[0].originalTimestamp) > 1_000, "the events carry their own time");
});

test("Server503_ThenBack_SendsTheSameEventsOnce", async () => {
  const source = await world.source();
  world.site.fault = { status: 503, headers: { "Content-Type": "application/json", "Retry-After": "2" } };
  const page = await open(world.put("/outage", source));
  await page.evaluate(() => datafly.track("During the outage"));
  await until(() => source.requests().length === 1, "the first try");
  const tried = Date.now();
  world.site.fault = undefined;
  await source.delivered(2);
  assert.ok(Date.now() - tried >= 1_900, "Retry-After is kept");
  assert.deepEqual(source.names(), ["page", "During the outage"]);
  assert.equal(new Set(ids(source)).size, 2);
});

test("TwoTabs_OneQueue_EachEventCountsOnceAndTheVisitorIsOne", async () => {
  const source = await world.source();
  const url = world.put("/tabs", source);
  const one = await open(url);
  const two = await open(url);
  await source.settled(2);
  await visitor.setOffline(true);
  await Promise.all([one, two].map((page, tab) => page.evaluate((from) => [1, 2, 3].forEach((step) => datafly.track("Step", { step, from })), tab)));
  await visitor.setOffline(false);
  await source.delivered(8);
  await one.waitForTimeout(1_500);
  // A tab may read the other's removal from storage a moment late and send again; the message id makes that harmless.
  assert.equal(new Set(ids(source)).size, 8);
  await source.delivered(8);
  assert.equal(new Set(source.events().map((event) => event.anonymousId)).size, 1);
});

test("Burst_Of200_ArrivesWholeAndInOrder", async () => {
  const source = await world.source();
  const page = await open(world.put("/burst", source));
  await page.evaluate(() => {
    for (let step = 0; step < 200; step++) datafly.track("Step", { step });
  });
  await source.delivered(201);
  assert.deepEqual(source.events().slice(1).map((event) => event.properties.step), [...Array(200).keys()]);
  assert.ok(source.requests().length <= 6, `${source.requests().length} requests`);
});

test("Burst_Of200OnAClosingTab_ArrivesWhole", async () => {
  const source = await world.source();
  const page = await open(world.put("/burst-closing", source));
  await page.evaluate(() => {
    for (let step = 0; step < 200; step++) datafly.track("Step", { step });
  });
  await page.close({ runBeforeUnload: true });
  await open(world.site.origin + "/burst-closing");
  await source.delivered(202);
});

test("TwoCopies_OnOnePage_CountOnce", async () => {
  const source = await world.source();
  const page = await open(world.put("/twice", source, { head: `<script async src="${source.script}?again"></script>` }));
  await source.delivered(1);
  await page.waitForTimeout(1_500);
  assert.deepEqual(source.names(), ["page"]);
});

test("Stub_QueuesCalls_UntilTheScriptIsThere", async () => {
  const source = await world.source();
  const stub = `<script>window.datafly=window.datafly||[];datafly.push(["track","Early"]);datafly.push(["identify","user-1"])</script>`;
  await open(world.put("/stub", source, { head: stub }));
  await source.settled(3);
  assert.deepEqual(source.names(), ["page", "Early", "identify"]);
});

test("Reset_AfterSignOut_IsANewVisitorForTheServerToo", async () => {
  const source = await world.source();
  const page = await open(world.put("/reset", source));
  await source.settled(1);
  await page.evaluate(() => (datafly.identify("user-1"), datafly.track("Before"), datafly.reset(), datafly.track("After")));
  await source.settled(4);
  assert.deepEqual(source.requests().map((request) => request.path), ["/v1/b", "/v1/b", "/v1/reset", "/v1/b"]);
  const [, before, , later] = source.requests();
  assert.notEqual(later.cookie, before.cookie);
  assert.equal(source.events().at(-1).userId, undefined);
});
