import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./browser.js";
import { event, openConsole } from "./console.js";

const desk = openConsole();
const stored = (integration) => desk.signal.api(`integrations/${integration.id}`);

test("MappingRow_Added_ShowsWhatItChangesOnARealEventBeforeItIsSaved", async () => {
  const { source, integration } = await desk.wired("Mapping");
  await desk.send(source, [event("Plan Chosen", { plan: "gold" })]);
  await desk.outcomes(integration, "delivered", 1);
  const page = await desk.administrator(`/integrations/${integration.id}/mapping`);
  await page.locator(".fields tr", { hasText: "e_a" }).waitFor();
  await page.getByRole("button", { name: "Add row" }).click();

  // What is offered comes from real events and from what Matomo knows.
  const offered = (list) => page.locator(`datalist#${list} option`).evaluateAll((options) => options.map((option) => option.value));
  assert.ok((await offered("events")).includes("Plan Chosen"));
  assert.ok((await offered("paths")).includes("properties.plan"));
  assert.ok((await offered("targets")).some((target) => target.startsWith("dimension")));

  await page.getByLabel("For the event").fill("Plan Chosen");
  await page.getByLabel("Matomo's field").fill("nonsense");
  await page.getByLabel("gets", { exact: true }).fill("properties.plan");
  await page.getByLabel("gets", { exact: true }).blur();
  await page.locator(".map-row .error").first().waitFor();
  await desk.picture(page, "mapping-unknown-target");

  await page.getByLabel("Matomo's field").fill("dimension3");
  await page.getByLabel("Matomo's field").blur();
  const added = page.locator(".fields tr.added", { hasText: "dimension3" });
  await added.filter({ hasText: "gold" }).filter({ hasText: "new" }).waitFor();
  assert.equal(await page.locator(".map-row .error").count(), 0);
  await desk.picture(page, "mapping-preview");
  assert.deepEqual((await stored(integration)).mappings, [], "a preview changes nothing");

  await page.getByLabel("What changes, and why (optional)").fill("Plans as a dimension");
  await page.getByRole("button", { name: "Save mapping" }).click();
  await until(async () => (await stored(integration)).mappings[0]?.target === "dimension3", "the saved row");
  await desk.send(source, [event("Plan Chosen", { plan: "silver" })]);
  await until(async () => (await desk.signal.api(`integrations/${integration.id}/events`)).data.some((row) => /dimension3=silver/.test(row.request)), "an event mapped by the row", 30_000);
});

test("Preview_OfAPastedEvent_SaysWhatItBecomes", async () => {
  const { integration } = await desk.wired("Pasted");
  const page = await desk.administrator(`/integrations/${integration.id}/mapping`);
  const box = page.getByLabel("Event as JSON");
  await box.fill("{");
  await box.blur();
  await page.getByText(/This is not valid JSON/).waitFor();
  await box.fill(JSON.stringify({ type: "track", event: "Order Completed", properties: { order_id: "ORD-1", revenue: 9.5 } }));
  await box.blur();
  await page.locator(".fields tr", { hasText: "ec_id" }).filter({ hasText: "ORD-1" }).waitFor();
});

test("History_OfAnIntegration_ComparesAndRestores", async () => {
  const { integration } = await desk.wired("History");
  await desk.signal.api(`integrations/${integration.id}`, { name: "Renamed", note: "A better name" }, "PATCH");
  const page = await desk.administrator(`/integrations/${integration.id}/history`);
  await page.getByText("A better name").waitFor();
  const change = page.locator(".diff tr", { hasText: "name" });
  assert.equal(await change.locator("del").textContent(), "History to Matomo");
  assert.equal(await change.locator("ins").textContent(), "Renamed");
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await page.getByRole("heading", { name: "Revision 3" }).waitFor();
  await page.getByRole("heading", { name: "History to Matomo", level: 1 }).waitFor();
  assert.equal((await stored(integration)).name, "History to Matomo");
  const compare = async (from, to) => {
    await page.getByLabel("From revision").fill(`${from}`);
    await page.getByLabel("to revision").fill(`${to}`);
    await page.getByRole("button", { name: "Show the difference" }).click();
  };
  await compare(1, 3);
  await page.getByText("Revisions 1 and 3 are the same.").waitFor();
  await compare(3, 2);
  await page.getByText("What leads from revision 3 to revision 2:").waitFor();
  assert.equal(await page.locator("#compare ins").textContent(), "Renamed");
  await page.getByRole("button", { name: "Compare with now" }).first().click();
  await page.getByText("What leads from revision 2 to revision 3:").waitFor();
});

test("Settings_ChangedBySomebodyElseMeanwhile_AreNotOverwritten", async () => {
  const { integration } = await desk.wired("Stale");
  const page = await desk.administrator(`/integrations/${integration.id}/settings`);
  await page.getByLabel("Name", { exact: true }).fill("Mine");
  await desk.signal.api(`integrations/${integration.id}`, { name: "Theirs" }, "PATCH");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Somebody else has changed this since you opened it.").waitFor();
  assert.equal((await stored(integration)).name, "Theirs");
});

test("Doctor_OfAWrongSite_SaysWhatToDo", async () => {
  const { integration } = await desk.wired("Doctor", { integration: { config: { site_id: "4711" } } });
  const page = await desk.administrator(`/integrations/${integration.id}/settings`);
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByText("Something needs to be mended").waitFor();
  await page.locator(".way li", { has: page.getByRole("heading", { name: /^Site/ }) }).getByText("What to do:").waitFor();
  await desk.picture(page, "doctor-wrong-site");
});
