import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./browser.js";
import { event, live, openConsole } from "./console.js";

const desk = openConsole();

test("Page_WhileTheProgramRestarts_SaysSoAndGoesOnByItself", async () => {
  const { source, integration } = await desk.wired("Restart");
  const page = await desk.administrator(`/integrations/${integration.id}/events`);
  desk.expects = /WebSocket|ERR_|Failed to|connection|disconnected|reconnect|circuit/i;
  await page.evaluate(() => (window.__before = true));
  await desk.signal.restart(async () => {
    await page.getByText("Signal can't be reached just now.").waitFor();
    await desk.picture(page, "restart-away");
  });
  await page.waitForFunction(() => !window.__before, undefined, { timeout: 60_000 });
  await live(page);
  assert.match(page.url(), new RegExp(`/integrations/${integration.id}/events`), "the same page, still signed in");
  await desk.send(source, [event("page")]);
  await page.locator("a.ev", { hasText: "Delivered" }).waitFor();
});

test("Consoles_ManyOpened_AllSeeAnEventAndLeaveNothingBehind", async () => {
  desk.expects = undefined;
  const { source, integration } = await desk.wired("Many");
  const open = async () => Number(/^aspnetcore_components_circuit_active\S* (\d+)/m.exec(await (await fetch(`${desk.signal.manage}/metrics`)).text())[1]);
  // A page that died without a word, such as one of a browser that was closed, keeps its circuit for three minutes.
  const before = await open();
  const pages = [];
  for (let i = 0; i < 8; i++) pages.push(await desk.administrator(`/integrations/${integration.id}/events`));
  await desk.send(source, [event("page"), event("Seen by all")]);
  for (const page of pages) await page.locator("a.ev", { hasText: "Seen by all" }).waitFor();
  assert.ok((await open()) >= 8, "each page has its circuit");
  for (const page of pages) await page.goto("about:blank");
  await until(async () => (await open()) <= before, "every circuit to end", 200_000);
});
