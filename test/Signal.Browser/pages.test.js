import assert from "node:assert/strict";
import { test } from "node:test";
import { launchAlone, until } from "./browser.js";
import { idle, openWorld, pass, ready } from "./world.js";

const world = openWorld();

const views = (source) => source.events().filter((event) => event.type === "page");

/** A browser without the Navigation API: history is patched. */
const withoutNavigation = () => Object.defineProperty(window, "navigation", { value: undefined });

for (const [way, script] of [["NavigationApi", undefined], ["PatchedHistory", withoutNavigation]]) {
  test(`SinglePageApplication_${way}_ThreeRoutesAndBack_AreViewsWithTheirOwnTitles`, async () => {
    const source = await world.source();
    const page = await world.open(world.put("/app", source, { title: "App" }), { script });
    await source.settled(1);
    const go = (path, title) =>
      page.evaluate(([to, name]) => {
        history.pushState({}, "", to);
        datafly.track("Product Viewed", { sku: name });
        // As a framework does: the title follows when the data is there.
        return new Promise((done) => setTimeout(() => done((document.title = name)), 150));
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
    assert.match(list.context.page.pv_id, /^[0-9a-f]{6}$/);
    assert.notEqual(first.context.page.pv_id, list.context.page.pv_id);
    assert.equal(await page.evaluate(() => /native/.test(history.pushState)), way === "NavigationApi", "history is patched only where it must be");
  });

  test(`SinglePageApplication_${way}_ReplacedStatesAndFragments_CountOnlyAsNewPaths`, async () => {
    const source = await world.source();
    const page = await world.open(world.put("/replacing", source), { script });
    await source.settled(1);
    await page.evaluate(() => {
      history.replaceState({}, "", "?filter=red");
      location.hash = "part";
      history.pushState({}, "", location.href);
      history.replaceState({}, "", "/replacing/other");
      history.pushState({}, "", "?page=2");
      // A redirect: nobody has seen the route that it replaces.
      history.pushState({}, "", "/replacing/old");
      history.replaceState({}, "", "/replacing/new");
    });
    await source.delivered(4);
    await idle(page, source);
    assert.deepEqual(views(source).map(({ properties }) => properties.url.replace(world.site.origin, "")), ["/replacing", "/replacing/other", "/replacing/other?page=2", "/replacing/new"]);
  });

  test(`SinglePageApplication_${way}_FragmentsAsRoutes_CountAndStayInTheAddress`, async () => {
    const source = await world.source({ hash: "route" });
    const page = await world.open(world.put("/fragments", source), { script });
    await page.evaluate(() => (location.hash = "#/inbox"));
    await source.settled(2);
    await page.goBack();
    await source.delivered(3);
    assert.deepEqual(views(source).map(({ properties }) => new URL(properties.url).hash), ["", "#/inbox", ""]);
  });
}

test("Navigation_InterceptedByTheApplication_IsSentWithTheTitleItHasWhenRendered", async () => {
  const source = await world.source();
  const page = await world.openWithClock(world.put("/intercepting", source, { title: "First" }));
  await source.settled(1);
  await page.evaluate(() => {
    navigation.addEventListener("navigate", (event) => event.intercept({ handler: () => new Promise((done) => (window.render = done)).then(() => (document.title = "Slow route")) }));
    navigation.navigate("/intercepting/slow");
  });
  await pass(page, source, 3_000);
  assert.equal(views(source).length, 1, "not before it has rendered");
  await page.evaluate(() => window.render());
  await page.waitForFunction(() => document.title === "Slow route" && !navigation.transition);
  await pass(page, source, 1_100);
  await source.delivered(2);
  assert.equal(views(source)[1].properties.title, "Slow route");
});

test("Load_OfAPage_CarriesTimingsForMatomo", async () => {
  const source = await world.source();
  await world.open(world.put("/timed", source));
  await source.settled(1);
  const { performance } = source.events()[0].context;
  for (const mark of ["fetchStart", "responseEnd", "loadEventEnd"]) assert.ok(performance[mark] > 1e12, mark);
  if (!source.deliveries) return;
  await source.delivered(1);
  const hit = new URLSearchParams((await source.deliveries())[0].request);
  for (const span of ["pf_net", "pf_srv", "pf_tfr", "pf_dm1", "pf_dm2", "pf_onl"]) assert.match(hit.get(span) ?? "none", /^\d{1,5}$/, span);
});

test("BackForwardCache_Restore_CountsOnce", async () => {
  const source = await world.source();
  const page = await world.open(world.put("/first", source));
  world.site.pages["/second"] = "<!doctype html><title>Second</title>";
  await source.settled(1);
  await idle(page, source);
  await page.evaluate(() => (window.wasHere = true));
  await page.goto(world.site.origin + "/second");
  await page.goBack({ waitUntil: "commit" });
  const isRestored = await page.evaluate(() => window.wasHere === true);
  await source.delivered(2);
  await idle(page, source);
  assert.equal(views(source).length, 2);
  assert.notEqual(views(source)[0].context.page.pv_id, views(source)[1].context.page.pv_id);
  assert.ok(isRestored, "the page came from the back/forward cache");
});

test("Prerendered_Page_CountsWhenOpenedAndNotBefore", async () => {
  const source = await world.source();
  // What runs ahead asks for /ahead; then the visitor clicks.
  const early = `<script>window.datafly=[];datafly.push(["track","Early",{prerendering:document.prerendering}]);fetch("/ahead");
    document.addEventListener("prerenderingchange",()=>datafly.push(["track","Opened",{start:performance.getEntriesByType("navigation")[0].activationStart}]))</script>`;
  const opened = world.put("/prerendered", source, { head: early });
  world.put("/never-opened", source);
  const rules = JSON.stringify({ prerender: [{ source: "list", urls: ["/prerendered", "/never-opened"], eagerness: "immediate" }] });
  const click = `const look=async()=>(await fetch("/was-ahead")).ok?document.querySelector("a").click():setTimeout(look,100);look()`;
  world.site.pages["/links"] = `<!doctype html><title>Links</title><script type="speculationrules">${rules}</script><a href="/prerendered">go</a><script>${click}</script>`;
  world.site.visited = (path) => path === "/ahead" && (world.site.pages["/was-ahead"] = "yes");
  const end = await launchAlone(world.site.origin + "/links");
  try {
    await source.settled(3);
  } finally {
    world.site.visited = undefined;
    await end();
  }
  assert.deepEqual(source.names(), ["page", "Early", "Opened"]);
  const [view, before, after] = source.events();
  assert.equal(view.properties.url, opened);
  assert.equal(before.properties.prerendering, true, "the script ran while the page was prerendered");
  assert.ok(after.properties.start > 0, "and was opened later");
  assert.equal(source.requests().length, 1);
});

test("StrictPolicy_WithoutUnsafeInline_CollectsWithoutAViolation", async () => {
  const source = await world.source();
  world.site.headers = { "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'" };
  await world.welcome();
  const page = await world.visitor.newPage();
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
  const page = await world.open(world.put("/links-out", source, { body: `<a id="file" href="/prices.pdf" download>prices</a> <a id="out" href="${elsewhere}">out</a>` }));
  await source.settled(1);
  await page.click("#file");
  await page.click("#out");
  await source.delivered(3);
  assert.deepEqual(source.events().slice(1).map(({ event, properties }) => [event, properties.url]), [["File Downloaded", `${world.site.origin}/prices.pdf`], ["Link Clicked", elsewhere]]);
});

test("Addresses_WithSecrets_AreCleanedBeforeTheyLeave", async () => {
  const source = await world.source({ deny: "token" });
  const page = await world.open(world.put("/reset-password", source) + "?token=hush&mail=ann@example.com&utm_source=news&step=2#secret");
  await source.delivered(1);
  const [view] = source.events();
  assert.equal(view.properties.url, `${world.site.origin}/reset-password?mail=&utm_source=news&step=2`);
  assert.deepEqual(view.context.campaign, { source: "news" });
  assert.ok(!JSON.stringify(source.requests()).match(/hush|ann@|secret/));
  assert.equal(await page.evaluate(() => location.hash), "#secret", "the page's own address stays");
});

for (const [policy, settings, expected] of [
  ["AllowList", { allow: "step,page" }, "?step=2&utm_source=news"],
  ["FragmentKept", { hash: "keep" }, "?step=2&ref=mail&utm_source=news#part-2"],
])
  test(`Addresses_${policy}_AreWhatTheSourceSays`, async () => {
    const source = await world.source(settings);
    const page = await world.open(world.put(`/policy-${policy}`, source) + "?step=2&ref=mail&utm_source=news#part-2");
    await page.evaluate(() => datafly.track("Also here", { url: location.href }));
    await page.evaluate(() => (location.hash = "part-3"));
    await source.delivered(2);
    await idle(page, source);
    for (const { properties } of source.events()) assert.equal(new URL(properties.url).search + new URL(properties.url).hash, expected);
    assert.equal(views(source).length, 1, "a fragment is no route");
  });

test("Heartbeat_WhileThePageIsLookedAt_IsTimeOnPageInMatomo", async () => {
  const source = await world.source({ heartbeat: true });
  const page = await world.openWithClock(world.put("/read", source));
  await source.settled(1);
  await pass(page, source, 31_000);
  await page.evaluate(() => Object.defineProperty(document, "hasFocus", { value: () => false }));
  await pass(page, source, 60_000);
  await source.delivered(3);
  assert.deepEqual(source.events().slice(1).map(({ event, properties }) => [event, properties.engaged]), [["Heartbeat", 15], ["Heartbeat", 30]]);
  const rows = (await source.deliveries?.()) ?? [];
  for (const row of rows.filter(({ event }) => event === "Heartbeat")) assert.match(row.request, /(^|&)ping=1(&|$)/);
});

test("Heartbeat_OfAClosingTab_GoesInItsOneBeacon", async () => {
  const source = await world.source({ heartbeat: true });
  const page = await world.openWithClock(world.put("/read-and-closed", source));
  await source.settled(1);
  await pass(page, source, 8_000);
  await page.evaluate(() => datafly.track("Leaving"));
  const sent = source.requests().length;
  await page.close({ runBeforeUnload: true });
  await source.delivered(3);
  assert.deepEqual(source.names(), ["page", "Leaving", "Heartbeat"]);
  assert.equal(source.requests().length, sent + 1);
});

test("NotFound_PageOfTheServers_IsTold", async () => {
  const source = await world.source({ notfound: true });
  await world.welcome();
  const page = await world.visitor.newPage();
  await page.route("**/gone", (route) => route.fulfill({ status: 404, contentType: "text/html", body: `<!doctype html><title>Gone</title><script async src="${source.script}"></script>` }));
  await page.goto(world.site.origin + "/gone");
  await ready(page);
  await source.delivered(2);
  assert.deepEqual(source.names(), ["page", "Page Not Found"]);
});

test("Features_SwitchedOn_AreTold", async () => {
  const source = await world.source({ content: true, errors: true, notfound: true, sitesearch: true, hints: "model,platformVersion" });
  const block = '<div data-track-content data-content-name="Winter" data-content-piece="winter.png" style="height:100px"><button>buy</button></div>';
  const page = await world.open(world.put("/search", source, { body: `<p data-search-count="3"></p>${block}<div style="height:3000px"></div>${block.replaceAll("inter", "hite")}` }) + "?q=shoe");
  await page.click("button >> nth=0");
  await page.addScriptTag({ content: "setTimeout(() => { missing(); })" }).catch(() => undefined);
  await until(() => source.names().includes("JavaScript Error"), "the error");
  world.visitor.problems.length = 0;
  await until(() => source.names().includes("Content Interaction"), "the interaction");
  assert.deepEqual(source.names().sort(), ["Content Impression", "Content Interaction", "JavaScript Error", "Products Searched", "page"]);
  assert.deepEqual(source.events().find((event) => event.event === "Products Searched").properties, { query: "shoe", count: 3 });
  assert.ok("platformVersion" in source.events().at(-1).context.userAgentData);
});
