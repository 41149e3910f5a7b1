import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./browser.js";
import { event, live, openConsole } from "./console.js";

const desk = openConsole();
const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim());
/** Presses Tab until the focus is where somebody wants it, as people without a mouse do. */
const tabTo = async (page, name, limit = 60) => {
  for (let i = 0; i < limit; i++) {
    if (name.test((await focused(page)) ?? "")) {
      const seen = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
      });
      assert.ok(seen, `the focus on ${name} can be seen`);
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not reach ${name}`);
};

test("Keyboard_Alone_AddsASource", async () => {
  const page = await desk.stranger();
  await page.goto("/");
  await page.keyboard.type(desk.signal.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(desk.signal.password);
  await page.keyboard.press("Enter");
  await live(page);
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await tabTo(page, /^Sources$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/sources$/);
  await tabTo(page, /^Add source$/);
  await page.keyboard.press("Enter");
  await page.getByLabel("Domain").waitFor();
  await page.getByLabel("Name").focus();
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Tab");
  await page.keyboard.type("keys.example.com");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/sources\/src_/);
  await page.getByRole("heading", { name: "By keyboard" }).waitFor();
});

test("Rows_AreWalkedOpenedAndLeft_WithJKEnterAndEscape", async () => {
  const { source, integration } = await desk.wired("Walked");
  await desk.send(source, [event("First"), event("Second"), event("Third")]);
  await desk.outcomes(integration, "delivered", 3);
  const page = await desk.administrator(`/integrations/${integration.id}/events`);
  await page.locator(".first-rows").waitFor({ state: "detached" });
  await until(async () => (await page.locator("a.ev").count()) === 3, "three rows");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  assert.match(await focused(page), /Third|Second|First/);
  const name = (await focused(page)).match(/Third|Second|First/)[0];
  await page.keyboard.press("Enter");
  await page.waitForURL(/event=evt_/);
  await page.locator(".pane-head h2", { hasText: name }).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => !url.search.includes("event="));
  await page.locator(".pane").waitFor({ state: "detached" });
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => !!document.activeElement.closest("main [data-search]")), true, "the page's own search comes first");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "BODY");
});

test("Dialog_OpenedByKeyboard_HoldsTheFocusAndClosesWithEscape", async () => {
  const { integration } = await desk.wired("Asked");
  const page = await desk.administrator(`/integrations/${integration.id}/settings`);
  await tabTo(page, /^Disable$/);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  const inside = () => page.evaluate(() => !!document.activeElement.closest("[role=dialog]"));
  await until(inside, "the focus to come into the dialog");
  for (let i = 0; i < 6; i++) {
    await page.keyboard.press("Tab");
    await until(inside, `the focus to stay in the dialog, it is on ${await focused(page)}`);
  }
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal((await desk.signal.api(`integrations/${integration.id}`)).enabled, true);
});

test("SkipLink_FirstTab_LeadsToTheContent", async () => {
  const page = await desk.administrator("/sources");
  await page.evaluate(() => document.activeElement?.blur());
  await tabTo(page, /^Skip to the content$/, 40);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
});

test("ReducedMotion_Asked_NothingMoves", async () => {
  const page = await desk.administrator("/events", { reducedMotion: "reduce" });
  const moving = await page.evaluate(() => document.getAnimations().filter((animation) => animation.playState === "running").length);
  assert.equal(moving, 0);
});

test("Times_AreInTheReadersZone_WithUtcOnHover", async () => {
  const { source, integration } = await desk.wired("Zoned");
  await desk.send(source, [event("page")]);
  await desk.outcomes(integration, "delivered", 1);
  const page = await desk.administrator(undefined, { timezoneId: "Asia/Kolkata" });
  await desk.go(page, "/");
  await desk.go(page, `/integrations/${integration.id}/events`);
  const time = page.locator("a.ev time").first();
  const at = new Date(await time.getAttribute("datetime"));
  assert.equal(await time.textContent(), at.toLocaleTimeString("en-GB", { timeZone: "Asia/Kolkata" }));
  assert.match(await time.getAttribute("title"), /UTC$/);
});

test("Lists_OfHundreds_ShowWhatIsInSightAndAreSearched", async () => {
  const { source, integration } = await desk.wired("Busy");
  await desk.send(source, Array.from({ length: 250 }, (_, n) => event(`Event ${n}`)));
  await Promise.all(Array.from({ length: 120 }, (_, n) => desk.signal.api("sources", { name: `Site ${String(n).padStart(3, "0")}`, domain: `s${n}.example.com` })));
  await until(async () => (await desk.signal.api(`integrations/${integration.id}/events?event=Event%20249&outcome=delivered`)).data.length === 1, "the last event", 60_000);

  const page = await desk.administrator("/sources");
  const rows = page.locator("tbody tr");
  assert.equal(await rows.count(), 100);
  await page.getByRole("button", { name: "Show more" }).click();
  await page.getByRole("link", { name: "Site 119" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("site 07");
  await page.keyboard.press("Enter");
  await page.waitForURL(/search=site/);
  await until(async () => (await rows.count()) === 10, "the ten that match");
  await desk.go(page, page.url());
  assert.equal(await rows.count(), 10, "a bookmarked search holds");

  await desk.go(page, `/integrations/${integration.id}/events`);
  await page.locator("a.ev", { hasText: "Event 249" }).waitFor();
  const older = page.getByRole("button", { name: "Load older events" });
  for (let loaded = 0; loaded < 2; loaded++) {
    await page.locator(".rows .scroll").evaluate((box) => (box.scrollTop = box.scrollHeight));
    await older.click();
  }
  await page.locator(".rows .scroll").evaluate((box) => (box.scrollTop = box.scrollHeight));
  await page.locator("a.ev .what", { hasText: /^Event 0track$/ }).waitFor();
  assert.ok((await page.locator("a.ev").count()) < 80, "only the rows in sight are there");
});

test("List_ComingAlive_IsNeverSeenEmpty", async () => {
  const { source, integration } = await desk.wired("Steady");
  await desk.send(source, [event("page"), event("Newsletter Joined")]);
  await desk.outcomes(integration, "delivered", 2);
  const page = await desk.administrator();
  await page.addInitScript(() => {
    window.counts = [];
    new MutationObserver(() => window.counts.push(document.querySelectorAll("a.ev").length)).observe(document, { childList: true, subtree: true });
  });
  await desk.go(page, `/integrations/${integration.id}/events`);
  await page.locator(".virtual:not(:has(.first-rows))").waitFor();
  const counts = await page.evaluate(() => window.counts);
  // Before the page has arrived there is nothing; from then on there are two rows, whoever draws them.
  assert.deepEqual([...new Set(counts.slice(counts.findIndex((count) => count > 0)))], [2]);
});
