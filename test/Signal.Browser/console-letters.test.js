import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./browser.js";
import { event, openConsole, refused } from "./console.js";

const desk = openConsole();

/** An integration to which Matomo refuses so many events. */
const broken = async (name, count) => {
  const made = await desk.wired(name, { integration: { mappings: [refused] } });
  await desk.send(made.source, Array.from({ length: count }, (_, n) => event("Broken", { n })));
  await until(async () => (await letters(made.integration)).length === Math.min(count, 100), `${count} dead letters`, 30_000);
  return made;
};
const letters = async (integration) => (await desk.signal.api(`integrations/${integration.id}/dead-letters?limit=100`)).data;
const mend = (integration) => desk.signal.api(`integrations/${integration.id}`, { mappings: [], note: "Without the row that failed." }, "PATCH");
const left = (integration, count) => until(async () => (await letters(integration)).length === count, `${count} dead letters left`, 30_000);
const confirm = async (page, action) => {
  await page.getByRole("dialog").getByRole("button", { name: action }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
};
const audited = async (action) => (await desk.signal.api(`audit-logs?action=${action}`)).data.map((row) => row.actor);

test("DeadLetter_Opened_IsExplainedEditedAndReplayed", async () => {
  const { integration } = await broken("Edit", 2);
  const page = await desk.administrator(`/integrations/${integration.id}/dead-letters`);
  await page.getByRole("heading", { name: /Refused/ }).waitFor();
  await page.getByText("Open one to see the answer. Mend the event or the mapping, then replay.").waitFor();
  await page.getByRole("button", { name: "Broken" }).first().click();
  const body = page.getByLabel("The event");
  const stored = JSON.parse(await body.inputValue());
  assert.equal(stored.event, "Broken");
  await desk.picture(page, "letters-open");

  await body.fill("{ not JSON");
  await body.blur();
  await page.getByRole("button", { name: "Replay as edited" }).click();
  await page.getByRole("alert").filter({ hasText: /JSON/ }).waitFor();
  assert.equal((await letters(integration)).length, 2, "what can't be read is not sent");

  await body.fill(JSON.stringify({ ...stored, properties: { ...stored.properties, goal: 1 } }));
  await body.blur();
  await page.getByRole("button", { name: "Replay as edited" }).click();
  await left(integration, 1);
  await page.locator(".card-head .count", { hasText: /^1$/ }).waitFor();
  assert.deepEqual(await audited("dead_letter.replayed"), [desk.signal.email]);
});

test("DeadLetters_SomeSelected_AreReplayedOrDiscardedWithTheirCount", async () => {
  const { integration } = await broken("Select", 5);
  const page = await desk.administrator(`/integrations/${integration.id}/dead-letters`);
  const boxes = page.getByRole("checkbox", { name: "Select Broken" });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByText("2 selected").waitFor();
  const discard = page.locator("main").getByRole("button", { name: "Discard", exact: true });
  await discard.click();
  await page.getByRole("dialog").getByText("Discard 2 events?").waitFor();
  await desk.picture(page, "letters-confirm");
  await confirm(page, "Cancel");
  assert.equal((await letters(integration)).length, 5, "asked, and nothing done");
  await discard.click();
  await confirm(page, "Discard");
  await left(integration, 3);

  await mend(integration);
  await page.getByRole("checkbox", { name: "Select Broken" }).first().check();
  await page.locator(".filters").getByRole("button", { name: "Replay", exact: true }).click();
  await left(integration, 2);
});

test("DeadLetters_AllOfAReason_AreReplayedWithProgressAndDiscarded", async () => {
  const { integration } = await broken("All", 60);
  const page = await desk.administrator(`/integrations/${integration.id}/dead-letters`);
  await page.getByRole("button", { name: "Show more" }).click();
  await until(async () => (await page.getByRole("checkbox", { name: "Select Broken" }).count()) === 60, "all rows");

  // Replayed before the mapping is mended: they fail again and stay.
  await page.getByRole("button", { name: "Replay all" }).click();
  await page.getByRole("dialog").getByText("Replay 60 events?").waitFor();
  await confirm(page, "Replay");
  await page.getByText("60 of 60, 0 delivered, 60 not").waitFor();
  assert.equal((await letters(integration)).length, 60);

  await mend(integration);
  await page.getByRole("button", { name: "Replay all" }).click();
  await confirm(page, "Replay");
  await page.getByText("60 of 60, 60 delivered, 0 not").waitFor();
  await desk.picture(page, "letters-replayed");
  await left(integration, 0);
  await page.getByText("No dead letters").waitFor();

  const { integration: second } = await broken("Discard", 3);
  await desk.go(page, `/integrations/${second.id}/dead-letters`);
  await page.getByRole("button", { name: "Discard all" }).click();
  await page.getByRole("dialog").getByText("Discard 3 events?").waitFor();
  await confirm(page, "Discard");
  await page.getByText("No dead letters").waitFor();
  assert.deepEqual(await letters(second), []);
});

test("Range_OfTheLog_IsCountedSentAgainAndCancelled", async () => {
  const { source, integration } = await desk.wired("Range", { integration: { config: { request_mode: "single" } } });
  await desk.send(source, Array.from({ length: 12 }, (_, n) => event("Newsletter Joined", { n })));
  await desk.outcomes(integration, "delivered", 12);
  // A slow Matomo, so that it can be watched.
  const matomo = (method, faults) => fetch(`${desk.signal.matomo}/sandbox/faults`, { method, body: faults && JSON.stringify(faults) });
  assert.equal((await matomo("POST", { delay: { ms: 2000 } })).status, 200);
  const page = await desk.administrator(`/integrations/${integration.id}/dead-letters`);
  await page.getByLabel("Event", { exact: true }).fill("Newsletter Joined");
  await page.getByRole("button", { name: "Count" }).click();
  await page.getByText("12 events would be sent again.").waitFor();

  await page.getByRole("button", { name: "Send again" }).click();
  await confirm(page, "Send again");
  await page.getByText("Replay under way").waitFor();
  await page.getByRole("progressbar").waitFor();
  await desk.picture(page, "range-under-way");

  // It goes on while nobody looks.
  await desk.go(page, "/");
  await desk.go(page, `/integrations/${integration.id}/dead-letters`);
  await page.locator(".card", { hasText: "Replay under way" }).getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Replay ended").waitFor();
  await matomo("DELETE");
  const [replay] = (await desk.signal.api(`integrations/${integration.id}/replays`)).data;
  assert.equal(replay.status, "cancelled");
  assert.ok(replay.sent < 12, `${replay.sent} were sent before`);
});
