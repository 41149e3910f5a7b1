import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./browser.js";
import { filled as fill, snippets } from "./guide.js";
import { openWorld, ready } from "./world.js";

/*
 * The snippets of docs/datafly-js.md, run as they stand: only the address of the collection and the key are put in, as
 * a reader would.
 */

const world = openWorld();
const filled = (text, source) => fill(text, world.site.origin, source.pipelineKey);

const put = (path, head, body = "") => {
  world.site.pages[path] = `<!doctype html><html lang="en"><head><title>Snippet</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;
  return world.site.origin + path;
};

test("Plain_SourcesScriptAndTag_CountThePage", async () => {
  const [ofSource, ofTag] = snippets("Plain HTML", "html");
  for (const [path, snippet] of [["/snippet-source", ofSource], ["/snippet-tag", ofTag]]) {
    const source = await world.source();
    await world.open(put(path, filled(snippet, source)));
    await source.delivered(1);
  }
});

test("Plain_QueueAndStub_KeepCallsMadeBeforeTheLoad", async () => {
  const [script, , queue, stub] = snippets("Plain HTML", "html");
  const early = { queue, stub: `${stub}<script>datafly.track("Signed Up", { plan: "pro" }); datafly.consent({ analytics: true });</script>` };
  for (const [name, head] of Object.entries(early)) {
    const source = await world.source();
    await world.open(put(`/snippet-${name}`, filled(`${head}${script}`, source)));
    await until(() => source.names().includes("Signed Up"), "the early call");
    assert.deepEqual(source.events().find(({ event }) => event === "Signed Up").properties, { plan: "pro" });
  }
});

test("TagManager_ScriptAndPurchase_Arrive", async () => {
  const [script, purchase] = snippets("A tag manager", "html");
  const layer = { "Order ID": '"ORD-7"', Revenue: "20", Tax: "3", Shipping: "0", Currency: '"EUR"', Products: "[]" };
  const source = await world.source();
  await world.open(put("/snippet-tag-manager", "", filled(script + purchase, source).replace(/\{\{([^}]+)\}\}/g, (_, name) => layer[name])));
  await source.delivered(2);
  assert.deepEqual(source.events()[1].properties, { order_id: "ORD-7", revenue: 20, tax: 3, shipping: 0, currency: "EUR", products: [] });
});

test("ServerRendered_OrderInAJsonBlock_ArrivesUnderTheDocumentedPolicy", async () => {
  const [script] = snippets("Plain HTML", "html");
  const [html] = snippets("Pages rendered on a server", "html");
  const [js] = snippets("Pages rendered on a server", "js");
  const [policy] = snippets("Content Security Policy", "");
  const source = await world.source();
  world.site.files["/assets/order.js"] = js;
  world.site.headers = { "Content-Security-Policy": filled(policy, source).trim().replace("Content-Security-Policy: ", "default-src 'none'; img-src data:; ") };
  const page = await world.open(put("/snippet-server", filled(script, source), html));
  await source.delivered(2);
  assert.equal(source.events()[1].properties.order_id, "ORD-001");
  assert.equal(await page.evaluate(() => fetch("https://elsewhere.example/").then(() => "allowed", () => "blocked")), "blocked", "the policy is in force");
});

test("Nonce_UnderStrictDynamic_Loads", async () => {
  const [tag] = snippets("Content Security Policy", "html");
  const source = await world.source();
  world.site.headers = { "Content-Security-Policy": "script-src 'strict-dynamic' 'nonce-r4nd0m'; connect-src 'self'" };
  await world.open(put("/snippet-nonce", filled(tag, source).replaceAll("{{nonce}}", "r4nd0m")));
  await source.delivered(1);
});

test("Commerce_Calls_ArriveAsTyped", async () => {
  const [calls] = snippets("Calls", "js");
  const source = await world.source();
  const page = await world.open(put("/snippet-calls", filled(snippets("Plain HTML", "html")[0], source)));
  await page.evaluate(calls);
  await source.delivered(4);
  assert.deepEqual(source.names(), ["page", "Product Viewed", "Product Added", "Order Completed"]);
});

test("Consent_Buttons_GrantAndRefuse", async () => {
  const [wiring] = snippets("Consent", "js");
  const source = await world.source({ consent: "opt_in" });
  const buttons = '<button id="acceptButton">yes</button><button id="refuseButton">no</button>';
  const page = await world.open(put("/snippet-consent", filled(snippets("Plain HTML", "html")[0], source), buttons));
  await page.evaluate(wiring);
  await page.click("#acceptButton");
  await source.settled(1);
  await page.click("#refuseButton");
  await until(() => source.requests().at(-1).path === "/v1/reset", "the refusal");
  await ready(page);
});
