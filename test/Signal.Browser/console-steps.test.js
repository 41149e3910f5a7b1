import assert from "node:assert/strict";
import { test } from "node:test";
import { event, openConsole } from "./console.js";
import { until } from "./browser.js";

const desk = openConsole();

test("AddIntegration_AsTheGuideSays_DeliversAndShowsTheEventWithItsPayload", async () => {
  const source = await desk.signal.api("sources", { name: "Guide", domain: "localhost", filter_bots: false });
  const page = await desk.administrator("/");

  // Go to Integrations > Add Integration > Matomo Analytics.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Integrations" }).click();
  await page.getByRole("link", { name: "Add Integration" }).click();
  await page.getByRole("link", { name: /^Matomo Analytics/ }).click();

  // Enter the matomo_url, site_id, and token_auth.
  await page.getByLabel("Name", { exact: true }).fill("Matomo Production");
  await page.getByLabel("Source").selectOption(source.id);
  await page.getByLabel("matomo_url").fill(desk.signal.matomo);
  await page.getByLabel("site_id").fill("1");
  await page.getByLabel("token_auth").fill(desk.signal.matomoToken);

  // Select the Retail preset (the default).
  assert.equal(await page.getByLabel("Preset").inputValue(), "retail");
  assert.match(await page.getByLabel("Preset").locator("option:checked").textContent(), /^Retail preset/);

  // Set consent categories to analytics: the default, and the only one.
  assert.deepEqual(await page.getByRole("group", { name: "Consent categories" }).getByRole("checkbox", { checked: true }).evaluateAll((boxes) => boxes.map((box) => box.parentElement.textContent)), ["analytics"]);
  await desk.picture(page, "step-form");

  // Click Save.
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/integrations\/int_.*\/settings/);
  await page.getByText("The integration is saved.").waitFor();

  // Test connection: each finding with what it means.
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByText("It works").waitFor();
  for (const check of ["Address", "Token", "Site", "Ecommerce", "Visitor's address"]) await page.locator(".way h3", { hasText: check }).first().waitFor();
  await desk.picture(page, "step-test");

  // Trigger an event, open the integration's Recent Events tab: it comes by itself, with its status and payload.
  await page.getByRole("navigation", { name: "Integration" }).getByRole("link", { name: "Recent Events" }).click();
  await page.getByText("No event yet").waitFor();
  await desk.send(source, [event("page", { title: "Kettles", url: "http://localhost/kettles" })]);
  await page.locator("a.ev", { hasText: "Delivered" }).click();
  const way = page.getByRole("complementary", { name: "The way of an event" });
  await way.locator("[data-step=answer]", { hasText: /20[04]/ }).waitFor();
  assert.deepEqual(await way.locator("[data-step]").evaluateAll((steps) => steps.map((step) => step.dataset.step)), ["received", "governed", "mapped", "sent", "answer", "outcome"]);
  const field = (name) => way.locator("[data-step=mapped] tr", { has: page.getByRole("cell", { name, exact: true }) });
  assert.match(await field("action_name").textContent(), /Kettles/);
  assert.match(await field("_id").textContent(), /a1b2c3d4e5f64718/);
  await way.getByText("As it was sent").click();
  const sent = await way.getByLabel("Request").textContent();
  assert.match(sent, /idsite=1&rec=1&.*action_name=Kettles/);
  assert.match(sent, /token_auth=(\*|%2A)+/);
  assert.ok(!(await page.content()).includes(desk.signal.matomoToken), "the token is nowhere on the page");
  await desk.picture(page, "step-recent-events");
});

test("Form_WhileTyping_SaysWhatIsWrongAndSavesNothing", async () => {
  const page = await desk.administrator("/integrations/new?vendor=matomo");
  await page.getByLabel("matomo_url").fill("analytics.example.com");
  await page.getByLabel("site_id").fill("one");
  await page.getByLabel("token_auth").fill("0123");
  await page.getByLabel("Name", { exact: true }).focus();
  await page.getByText("This must be an address that starts with https:// or http://.").waitFor();
  await page.getByText("This must be a whole number.").waitFor();
  await page.locator("[data-setting=token_auth] .error").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(/fields need another look/).waitFor();
  assert.match(page.url(), /\/integrations\/new/);
});

test("Source_Added_TurnsGreenByItselfWithItsFirstEvent", async () => {
  const page = await desk.administrator("/sources");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("link", { name: "Add source" }).click();
  await page.getByLabel("Name").fill("Garden shop");
  await page.getByLabel("Domain").fill("https://garden.example.com/welcome");
  await page.getByRole("button", { name: "Add source" }).click();
  await page.waitForURL(/\/sources\/src_/);

  const secret = await page.getByLabel("Secret").textContent();
  assert.match(secret, /^sk_/);
  const waiting = page.getByText("Waiting for the first event");
  await waiting.waitFor();
  const [id, key] = [page.url().split("/").at(-1), await page.locator("dt:text-is('Pipeline key') + dd").textContent()];
  const snippet = await page.getByLabel("Code", { exact: true }).textContent();
  assert.equal(snippet, `<script async src="${desk.signal.collect}/d/${key.trim()}.js"></script>`);
  await page.locator(".code", { has: page.getByLabel("Code", { exact: true }) }).getByRole("button", { name: "Copy" }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), snippet);
  assert.equal((await fetch(/src="([^"]+)"/.exec(snippet)[1])).status, 200);
  for (const kind of ["Next.js", "Vue", "Tag manager", "Server"]) {
    await page.getByRole("button", { name: kind, exact: true }).click();
    await page.getByLabel("Code", { exact: true }).filter({ hasText: kind === "Server" ? id : key.trim() }).waitFor();
  }
  await desk.picture(page, "step-source-waiting");

  // An integration, so that the event is not dropped for want of one.
  const config = { matomo_url: desk.signal.matomo, site_id: "1", token_auth: desk.signal.matomoToken };
  await desk.signal.api("integrations", { source_id: id, vendor: "matomo", name: "Garden", enabled: true, config, consent_categories: ["analytics"] });
  await desk.send({ pipeline_key: key.trim() }, [event("page")]);
  await page.locator(".head .badge.ok", { hasText: "Receiving" }).waitFor();
  await page.locator("a.ev", { hasText: "Received" }).waitFor();
  assert.equal(await waiting.count(), 0);

  // Rotate the key: the old one goes on for its grace period.
  await page.getByRole("button", { name: "New pipeline key" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "New key" }).click();
  await page.getByText("works until").waitFor();
  const fresh = await page.locator("dt:text-is('Pipeline key') + dd").textContent();
  assert.notEqual(fresh, key);
  for (const each of [key, fresh]) await desk.send({ pipeline_key: each.trim() }, [event("page")]);
  await desk.go(page, page.url());
  assert.ok(!(await page.content()).includes(secret), "the secret was shown once");
});

test("Order_FromTheSearchBox_IsTwoStepsFromItsWholeWay", async () => {
  const { source, integration } = await desk.wired("Orders");
  await desk.send(source, [event("Order Completed", { order_id: "ORD-4711", revenue: 20 }), event("page")]);
  await desk.outcomes(integration, "delivered", 2);
  const page = await desk.administrator("/");
  await page.locator("body").press("/");
  await page.keyboard.type("ORD-4711");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Found" }).getByRole("link", { name: /Order Completed/ }).click();
  await page.locator("[data-step=mapped]", { hasText: "ec_id" }).waitFor();
  await page.locator("[data-step=outcome]", { hasText: "Delivered" }).waitFor();
  await desk.picture(page, "step-order");
});

test("RecentEvents_PausedFilteredAndReplayed_StayInTheAddress", async () => {
  const { source, integration } = await desk.wired("Live");
  await desk.send(source, [event("Newsletter Joined"), event("page")]);
  await desk.outcomes(integration, "delivered", 2);
  const page = await desk.administrator(`/integrations/${integration.id}/events`);
  const rows = page.locator("a.ev");
  await page.getByLabel("Outcome").selectOption("delivered");
  await page.waitForURL(/outcome=delivered/);
  await page.getByLabel("Event", { exact: true }).fill("Newsletter Joined");
  await page.keyboard.press("Enter");
  await page.waitForURL(/named=Newsletter/);
  await until(async () => (await rows.count()) === 1, "one row");
  await desk.go(page, page.url());
  assert.equal(await rows.count(), 1, "a bookmarked filter holds");

  await page.getByRole("button", { name: "Pause" }).click();
  await desk.send(source, [event("Newsletter Joined")]);
  await page.getByText(/Paused, [1-9]/).waitFor();
  assert.equal(await rows.count(), 1);
  await page.getByRole("button", { name: "Go on" }).click();
  await until(async () => (await rows.count()) === 2, "the held row");

  await rows.first().click();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy as curl" }).click();
  const curl = await until(() => page.evaluate(() => navigator.clipboard.readText()), "a copied command");
  assert.match(curl, /^curl -X POST 'http.*matomo\.php' --data '/);
  assert.ok(!curl.includes(desk.signal.matomoToken));

  const recorded = async () => (await desk.signal.visits()).flatMap((visit) => visit.action_list).length;
  const before = await recorded();
  await page.getByRole("button", { name: "Replay" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replay" }).click();
  await page.getByText("1 of 1, 1 delivered, 0 not").waitFor();
  assert.equal(await recorded(), before + 1, "Matomo has it once more");

  await page.getByRole("link", { name: "Open in preview" }).click();
  await page.waitForURL(/\/mapping\?event=evt_/);
  await page.locator(".fields td", { hasText: "idsite" }).waitFor();
});
