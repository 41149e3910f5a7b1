import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { until } from "./browser.js";
import { idle, openWorld, pass } from "./world.js";

const world = openWorld();

test("SeedForms_AsWritten_Arrive", async () => {
  const source = await world.source();
  const page = await world.open(world.put("/seed", source));
  await source.settled(1);
  await page.evaluate(() => {
    datafly.page({ url: "https://www.example.com/products/winter-jacket", title: "Winter Jacket" });
    datafly.track("Order Completed", { order_id: "ORD-001", revenue: 129.99, tax: 21.66, shipping: 4.99, currency: "USD", url: "https://example.com/checkout/confirmation" });
    datafly.identify("user-123");
  });
  await source.settled(4);
  const [, view, order, identify] = source.events();
  assert.deepEqual([view.type, view.properties.url, view.properties.title], ["page", "https://www.example.com/products/winter-jacket", "Winter Jacket"]);
  assert.deepEqual([order.event, order.properties.order_id, order.properties.revenue, order.properties.url], ["Order Completed", "ORD-001", 129.99, "https://example.com/checkout/confirmation"]);
  assert.deepEqual([identify.type, identify.userId], ["identify", "user-123"]);
});

test("Identify_ThenAnotherPage_IsStillTheSamePerson", async () => {
  const source = await world.source();
  const url = world.put("/known", source);
  const page = await world.open(url);
  await page.evaluate(() => datafly.identify("user-7", { plan: "pro" }));
  await source.settled(2);
  await idle(page, source);
  await page.reload();
  await source.settled(3);
  const [first, , later] = source.events();
  assert.equal(later.userId, "user-7");
  assert.equal(later.anonymousId, first.anonymousId);
});

for (const [signal, asked] of [["gpc", { gpc: "deny_all" }], ["dnt", { dnt: "deny" }]])
  test(`Signal_${signal}_ThatTheSourceTakesForARefusal_LeavesNoTraceAndSendsNothing`, async () => {
    const source = await world.source(asked);
    await world.welcome();
    await world.visitor.setExtraHTTPHeaders(signal === "gpc" ? { "Sec-GPC": "1" } : { DNT: "1" });
    await world.visitor.addInitScript((name) => Object.defineProperty(navigator, name, { value: name === "doNotTrack" ? "1" : true }), signal === "gpc" ? "globalPrivacyControl" : "doNotTrack");
    await world.visitor.clock.install();
    const page = await world.open(world.put(`/signal-${signal}`, source));
    await page.evaluate(() => datafly.track("Refused"));
    await pass(page, source, 60_000);
    assert.deepEqual(source.requests(), []);
    assert.deepEqual(await page.evaluate(() => Object.keys({ ...localStorage })), []);
    assert.deepEqual(await world.visitor.cookies(), []);
  });

test("OwnPathAndPrefix_OfASource_ServeItsScriptAndTakeItsEvents", async (context) => {
  if (!world.signal) return context.skip("needs the program");
  const source = await world.source({ scriptPath: "/js/shop.js", collectPrefix: "/c" });
  world.site.pages["/own"] = `<!doctype html><title>Own</title><script async src="${world.signal.collect}/js/shop.js"></script>`;
  await world.welcome();
  const page = await world.visitor.newPage();
  const answered = page.waitForResponse(/\/c\/b$/);
  await page.goto(`${world.site.origin}/own`);
  assert.deepEqual(await (await answered).json(), { success: true, accepted: 1, errors: [] });
  await until(async () => (await source.deliveries()).some(({ outcome }) => outcome === "delivered"), "the page view in Matomo");
});

test("AnotherSite_WhereCookiesDoNotReach_KnowsTheVisitorByWhatItStores", async (context) => {
  if (!world.signal) return context.skip("needs the program");
  const source = await world.source();
  world.site.pages["/elsewhere"] = `<!doctype html><title>Elsewhere</title><script async src="${world.signal.collect}${source.script}"></script>`;
  await world.welcome();
  const page = await world.visitor.newPage();
  const elsewhere = `${world.site.origin.replace("localhost", "127.0.0.1")}/elsewhere`;
  for (const _ of [1, 2]) {
    const answered = page.waitForResponse(/\/v1\/b$/);
    await page.goto(elsewhere);
    assert.equal((await answered).status(), 200);
  }
  await until(async () => (await source.deliveries()).length === 2, "two page views");
  assert.equal(new Set((await source.deliveries()).map((row) => row.anonymous_id)).size, 1);
});

test("StorageBlocked_ByTheBrowser_CountsEachPage", async () => {
  const source = await world.source();
  await world.welcome();
  await world.visitor.addInitScript(() => Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("blocked", "SecurityError"); } }));
  const page = await world.visitor.newPage();
  await page.goto(world.put("/blocked", source));
  await source.settled(1);
  await page.evaluate(() => datafly.track("Still told"));
  await source.delivered(2);
});

test("Package_ImportedByAPage_Counts", async () => {
  const source = await world.source();
  const dist = new URL("../../sdk/datafly/dist/npm/", import.meta.url);
  const text = await readFile(new URL("index.js", dist), "utf8");
  world.site.files["/npm/index.js"] = text;
  for (const [, chunk] of text.matchAll(/from "\.\/(chunk-[^"]+)"/g)) world.site.files[`/npm/${chunk}`] = await readFile(new URL(chunk, dist), "utf8");
  world.site.pages["/bundled"] = `<!doctype html><title>Bundled</title><script type="module">
    import { init } from "/npm/index.js";
    const datafly = init({ pipelineKey: "${source.pipelineKey}", endpoint: location.origin + "/v1" });
    datafly.track("Signed Up", { plan: "pro" });
  </script>`;
  await world.welcome();
  const page = await world.visitor.newPage();
  await page.goto(`${world.site.origin}/bundled`);
  await source.delivered(2);
  assert.deepEqual(source.names(), ["page", "Signed Up"]);
});
