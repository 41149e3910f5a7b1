import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { launchAlone, until } from "./browser.js";
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
  world.site.headers = {};
  assert.deepEqual(visitor?.problems ?? [], [], "nothing throws into the page");
  await visitor?.close();
  visitor = undefined;
});

const views = (source) => source.events().filter((event) => event.type === "page");

test("SinglePageApplication_ThreeRoutes_AreThreeViewsWithTheirOwnTitles", async () => {
  const source = await world.source();
  const page = await open(world.put("/app", source, { title: "App" }));
  await source.settled(1);
  const go = (path, title) =>
    page.evaluate(async ([to, name]) => {
      history.pushState({}, "", to);
      datafly.track("Product Viewed", { sku: name });
      // As a framework does: the title follows when the data is there.
      await new Promise((done) => setTimeout(done, 150));
      document.title = name;
    }, [path, title]);
  await go("/app/list", "List");
  await go("/app/item/5", "Item 5");
  await source.settled(5);
  await page.goBack();
  await source.delivered(6);
  assert.deepEqual(views(source).map(({ properties }) => [new URL(properties.url).pathname, properties.title]), [["/app", "App"], ["/app/list", "List"], ["/app/item/5", "Item 5"], ["/app/list", "Item 5"]]);
  assert.deepEqual(views(source).map(({ properties }) => properties.referrer && new URL(properties.referrer).pathname), ["", "/app", "/app/list", "/app/item/5"]);
  const [first, list, seen] = source.events();
  assert.equal(seen.context.page.pv_id, list.context.page.pv_id);
  assert.notEqual(first.context.page.pv_id, list.context.page.pv_id);
});

test("Load_OfAPage_CarriesTimingsForMatomo", async () => {
  const source = await world.source();
  await open(world.put("/timed", source));
  await source.settled(1);
  const { performance } = source.events()[0].context;
  assert.deepEqual(Object.keys(performance), ["pf_net", "pf_srv", "pf_tfr", "pf_dm1", "pf_dm2", "pf_onl"]);
  for (const span of Object.values(performance)) assert.ok(Number.isInteger(span) && span >= 0 && span < 60_000, `${span}`);
});

test("BackForwardCache_Restore_CountsOnce", async () => {
  const source = await world.source();
  const page = await open(world.put("/first", source));
  world.site.pages["/second"] = "<!doctype html><title>Second</title>";
  await source.settled(1);
  await page.evaluate(() => (window.wasHere = true));
  await page.goto(world.site.origin + "/second");
  await page.goBack({ waitUntil: "commit" });
  const isRestored = await page.evaluate(() => window.wasHere === true);
  await source.delivered(2);
  await page.waitForTimeout(1_500);
  assert.equal(views(source).length, 2);
  assert.notEqual(views(source)[0].context.page.pv_id, views(source)[1].context.page.pv_id);
  assert.ok(isRestored, "the page came from the back/forward cache");
});

test("Prerendered_Page_CountsWhenOpenedAndNotBefore", async () => {
  const source = await world.source();
  const early = `<script>window.datafly=[];datafly.push(["track","Early",{prerendering:document.prerendering}]);
    document.addEventListener("prerenderingchange",()=>datafly.push(["track","Opened",{start:performance.getEntriesByType("navigation")[0].activationStart}]))</script>`;
  const opened = world.put("/prerendered", source, { head: early });
  world.put("/never-opened", source);
  const rules = JSON.stringify({ prerender: [{ source: "list", urls: ["/prerendered", "/never-opened"], eagerness: "immediate" }] });
  world.site.pages["/links"] = `<!doctype html><title>Links</title><script type="speculationrules">${rules}</script><a href="/prerendered">go</a><script>setTimeout(()=>document.querySelector("a").click(),2500)</script>`;
  const end = await launchAlone(world.site.origin + "/links");
  try {
    await source.settled(3);
  } finally {
    await end();
  }
  assert.deepEqual(source.names(), ["page", "Early", "Opened"]);
  const [view, before, after] = source.events();
  assert.equal(view.properties.url, opened);
  assert.equal(before.properties.prerendering, true, "the script ran while the page was prerendered");
  assert.ok(after.properties.start > 2_000, "and was opened later");
  assert.equal(source.requests().length, 1);
});

test("StrictPolicy_WithoutUnsafeInline_CollectsWithoutAViolation", async () => {
  const source = await world.source();
  world.site.headers = { "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'" };
  visitor = await world.visitor();
  const page = await visitor.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto(world.put("/strict", source, { body: '<a href="https://partner.example.net/">out</a>' }));
  await ready(page);
  await source.settled(1);
  await page.evaluate(() => document.querySelector("a").addEventListener("click", (event) => event.preventDefault()));
  await page.click("a");
  await source.delivered(2);
  assert.deepEqual(source.names(), ["page", "Link Clicked"]);
  assert.deepEqual(complaints, []);
});

test("Links_LeavingThePage_AreTold", async () => {
  const source = await world.source();
  world.site.pages["/elsewhere"] = "<!doctype html><title>Elsewhere</title>";
  const elsewhere = world.site.origin.replace("localhost", "127.0.0.1") + "/elsewhere";
  const page = await open(world.put("/links-out", source, { body: `<a id="file" href="/prices.pdf" download>prices</a> <a id="out" href="${elsewhere}">out</a>` }));
  await source.settled(1);
  await page.click("#file");
  await page.click("#out");
  await source.delivered(3);
  assert.deepEqual(source.events().slice(1).map(({ event, properties }) => [event, properties.url]), [["File Downloaded", `${world.site.origin}/prices.pdf`], ["Link Clicked", elsewhere]]);
});

test("Features_SwitchedOn_AreTold", async () => {
  const source = await world.source({ content: true, errors: true, notfound: true, sitesearch: true, hints: "model,platformVersion" });
  const block = '<div data-track-content data-content-name="Winter" data-content-piece="winter.png" style="height:100px"><button>buy</button></div>';
  const page = await open(world.put("/search", source, { body: `<p data-search-count="3"></p>${block}<div style="height:3000px"></div>${block.replaceAll("inter", "hite")}` }) + "?q=shoe");
  await page.click("button >> nth=0");
  await page.addScriptTag({ content: "setTimeout(() => { missing(); })" }).catch(() => undefined);
  await until(() => source.names().includes("JavaScript Error"), "the error");
  visitor.problems.length = 0;
  await until(() => source.names().includes("Content Interaction"), "the interaction");
  assert.deepEqual(source.names().sort(), ["Content Impression", "Content Interaction", "JavaScript Error", "Products Searched", "page"]);
  assert.deepEqual(source.events().find((event) => event.event === "Products Searched").properties, { query: "shoe", count: 3 });
  assert.ok("platformVersion" in source.events().at(-1).context.userAgentData);
});
