import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { until } from "./browser.js";
import { event, narrow, openConsole, settled, themed, unfit, violations, wide } from "./console.js";

/** What a chat would get. */
const posted = [];
const chat = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    posted.push({ body: JSON.parse(body), signature: request.headers["x-signature"] });
    response.end("ok");
  });
});
before(() => new Promise((done) => chat.listen(0, "127.0.0.1", done)));
after(() => chat.close());

const desk = openConsole({ environment: { SIGNAL_ALERT_SECONDS: "1" } });
const card = (page, name) => page.locator("section.card").filter({ has: page.getByRole("heading", { name, exact: true, level: 2 }) });

const shown = async (page, name) => {
  const wrong = [];
  for (const theme of ["light", "dark"]) {
    await themed(page, theme);
    await desk.picture(page, `${name}-${page.viewportSize().width}-${theme}`, { fullPage: true });
    wrong.push(...(await violations(page, `${name} ${theme}`)));
  }
  wrong.push(...(await unfit(page, name)));
  assert.deepEqual(wrong, []);
};

test("Alerts_FromNothingToToldAndOver", async () => {
  await desk.signal.api("alert-rules/rule_disk", { enabled: false }, "PATCH");
  const page = await desk.administrator("/alerts");
  await page.getByText("Nothing is wrong").waitFor();
  await page.getByText("Nobody is told yet").waitFor();
  await shown(page, "alerts-empty");

  await page.getByRole("button", { name: "Add channel" }).click();
  await page.getByLabel("Webhook").check();
  await page.getByLabel("Name").fill("Ops chat");
  await page.getByLabel("Address").fill("nowhere");
  await page.locator("form").getByRole("button", { name: "Add channel" }).click();
  await card(page, "Channels").getByRole("alert").filter({ hasText: "url must be an address" }).waitFor();
  await page.getByLabel("Address").fill(`http://127.0.0.1:${chat.address().port}/services/a-secret-path`);
  await page.getByLabel("Secret").fill("to-sign-with");
  await shown(page, "alerts-channel");
  await page.locator("form").getByRole("button", { name: "Add channel" }).click();
  await page.getByRole("button", { name: "Send a test message" }).click();
  await page.getByText("was taken", { exact: true }).waitFor();
  assert.equal(posted[0].body.event, "test");
  assert.match(posted[0].signature, /^sha256=[0-9a-f]{64}$/);
  assert.ok(!(await page.content()).includes("a-secret-path"), "the address is not shown again");

  const { source, integration } = await desk.wired("Shop", { integration: { config: { token_auth: "e".repeat(32) } } });
  await desk.send(source, [event("page")]);
  await until(async () => (await desk.signal.api("alerts?state=open")).data.length === 1, "the alert to open", 30_000);
  await page.getByRole("heading", { name: `${integration.name} is stopped` }).waitFor();
  await page.getByRole("link", { name: "Alerts 1 open" }).waitFor();
  await until(() => posted.length === 2, "the chat to be told", 30_000);
  assert.match(posted[1].body.text, /is stopped[\s\S]*nothing is lost/);
  await shown(page, "alerts-open");
  const phone = await desk.administrator("/alerts", { viewport: narrow });
  await shown(phone, "alerts-open");

  await card(page, "Rules").getByRole("form", { name: "Delivery failing" }).getByRole("checkbox", { name: "On" }).uncheck();
  await card(page, "Rules").getByRole("button", { name: "Save" }).click();
  await page.getByText("Nothing is wrong").waitFor();
  await page.locator("summary", { hasText: "is stopped" }).click();
  await page.getByText("2 messages were taken.").waitFor();
  assert.match(posted[2].body.text, /not watched any more/);
  await shown(page, "alerts-past");
});

test("Rule_IsEditedInPlace_AndOneOfItsOwnAdded", async () => {
  const page = await desk.administrator("/alerts", { viewport: wide });
  const disk = page.getByRole("form", { name: "Disk" });
  await disk.getByLabel("Full in, at least (days)").fill("999");
  await disk.getByRole("button", { name: "Save" }).click();
  await disk.locator("input:invalid").waitFor();
  await disk.getByLabel("Full in, at least (days)").fill("7");
  await disk.getByRole("button", { name: "Save" }).click();
  await until(async () => (await desk.signal.api("alert-rules/rule_disk")).days === 7, "the rule to be saved", 30_000);

  await page.getByLabel("What it is for").selectOption({ label: "Silence: Shop" });
  await page.getByRole("button", { name: "Add rule" }).click();
  const own = page.getByRole("form", { name: "Silence: Shop" });
  await own.getByLabel("Where usual are (events)").fill("5");
  await own.getByRole("button", { name: "Save" }).click();
  await until(async () => (await desk.signal.api("alert-rules")).data.some((r) => r.kind === "silence" && r.scope && r.count === 5), "the rule of its own", 30_000);
  await settled(page);
  await own.getByRole("button", { name: "Remove" }).click();
  await own.waitFor({ state: "detached" });
});

test("Overview_ShowsTheDisk_AtBothWidths", async () => {
  for (const viewport of [wide, narrow]) {
    const page = await desk.administrator("/", { viewport });
    await page.getByRole("heading", { name: "Disk", exact: true }).scrollIntoViewIfNeeded();
    await page.getByText(/free of .*; Signal uses/).waitFor();
    await desk.picture(page, `overview-disk-${viewport.width}-light`);
    assert.deepEqual([...(await violations(page, "overview")), ...(await unfit(page, "overview"))], []);
  }
});
