import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { until } from "./browser.js";
import { event, narrow, openConsole, refused, violations } from "./console.js";

const desk = openConsole();
const confirm = async (page, action) => {
  await page.getByRole("dialog").getByRole("button", { name: action }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
};

test("Users_AddedChangedAndRemoved_AreInTheAuditLog", async () => {
  const page = await desk.administrator("/users");
  await page.getByRole("button", { name: "Add user" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Grace");
  await page.getByLabel("E-mail").fill("grace@example.com");
  await page.locator("#u-pass").fill("short");
  await page.locator("form").getByRole("button", { name: "Add user" }).click();
  await page.locator("form .error").first().waitFor();
  await page.locator("#u-pass").fill("a few words in a row");
  await page.locator("form").getByRole("button", { name: "Add user" }).click();
  await page.getByText("Grace may sign in now.").waitFor();

  await page.getByLabel("Role of Grace").selectOption("editor");
  await until(async () => (await desk.signal.api("users")).data.some((user) => user.name === "Grace" && user.role === "editor"), "the new role");

  // Removed while signed in: the open page ends at its next act, and asks to sign in.
  const grace = await desk.stranger();
  await grace.goto("/sources?add=true");
  await desk.signIn(grace, "grace@example.com", "a few words in a row");
  await page.getByRole("row", { name: /Grace/ }).getByRole("button", { name: "Remove" }).click();
  await confirm(page, "Remove");
  await page.getByText("Grace is removed.").waitFor();
  await grace.getByLabel("Name").fill("Too late");
  await grace.getByLabel("Domain").fill("late.example.com");
  await grace.getByRole("button", { name: "Add source" }).click();
  await grace.getByText("Your role does not allow this. Nothing was changed.").waitFor();
  assert.ok(!(await desk.signal.api("sources?limit=100")).data.some((source) => source.name === "Too late"));
  await grace.waitForURL(/\/sign-in\?return=%2Fsources%3Fadd%3Dtrue/, { timeout: 60_000 });

  await desk.go(page, "/audit?action=user.signed_in");
  await page.getByRole("cell", { name: desk.signal.email }).getByRole("link").first().waitFor();
  await desk.go(page, "/audit?to=2020-01-01");
  await page.getByText("No entry has this action, person, ID and time.").waitFor();
  await desk.go(page, "/audit");
  await page.getByLabel("Action").fill("user.deleted");
  await page.getByLabel("Action").press("Enter");
  await page.waitForURL(/action=user.deleted/);
  await until(async () => (await page.locator("tbody tr").count()) === 1, "one entry");
  await page.getByRole("button", { name: "user.deleted" }).click();
  await page.locator(".diff", { hasText: "grace@example.com" }).waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export" }).click()]);
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\n").map(JSON.parse);
  assert.deepEqual(lines.map((line) => line.action), ["user.deleted"]);
});

test("Token_Created_IsShownOnceWorksAndIsRevoked", async () => {
  const page = await desk.administrator("/tokens");
  await page.getByRole("button", { name: "Create token" }).click();
  await page.getByLabel("What it is for").fill("Nightly report");
  await page.locator("form").getByRole("button", { name: "Create token" }).click();
  const text = (await page.getByLabel("Token", { exact: true }).textContent()).trim();
  const ask = () => fetch(`${desk.signal.manage}/v1/admin/sources`, { headers: { Authorization: `Bearer ${text}` } });
  assert.equal((await ask()).status, 200);
  await desk.go(page, "/tokens");
  assert.ok(!(await page.content()).includes(text));
  await page.getByRole("row", { name: /Nightly report/ }).getByRole("button", { name: "Revoke" }).click();
  await confirm(page, "Revoke");
  await page.getByText("The token is revoked.").waitFor();
  assert.equal((await ask()).status, 401);
});

test("Privacy_OfAVisitor_IsFoundExportedAndErasedWithAReceipt", async () => {
  const { source, integration } = await desk.wired("Privacy");
  const anonymousId = "5e5e5e5e-0000-4000-8000-000000000001";
  await desk.send(source, [event("page", {}, { anonymousId }), event("Newsletter Joined", {}, { anonymousId, userId: "user-77" })]);
  await desk.outcomes(integration, "delivered", 2);
  const page = await desk.administrator("/privacy");
  await page.getByRole("searchbox", { name: "ID" }).fill(anonymousId);
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("cell", { name: "Privacy", exact: true }).waitFor();
  await desk.picture(page, "privacy-found");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export" }).click()]);
  assert.match(await readFile(await file.path(), "utf8"), /Newsletter Joined/);

  await page.getByRole("button", { name: "Erase" }).click();
  await page.getByRole("dialog").getByText(/\d+ entries are removed for good/).waitFor();
  await confirm(page, "Erase");
  await page.getByRole("heading", { name: "Receipt" }).waitFor();
  await desk.picture(page, "privacy-receipt");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByText("Nothing is held of this person.").waitFor();
  const [entry] = (await desk.signal.api("audit-logs?action=visitor.erased")).data;
  assert.equal(entry.actor, desk.signal.email);
  assert.ok(!JSON.stringify(entry).includes(anonymousId), "the receipt does not keep the ID");
});

test("Privacy_OfAUser_IsErasedInMatomoToo_AndWhereNotTheRemedyIsShown", async () => {
  const { source, integration } = await desk.wired("Handed on");
  const deaf = { source_id: source.id, vendor: "matomo", name: "Deaf Matomo", enabled: false, config: { matomo_url: "http://127.0.0.1:9", site_id: "1", token_auth: desk.signal.matomoToken } };
  await desk.signal.api("integrations", deaf);
  const userId = `user+${Date.now()}@example.com`;
  await desk.send(source, [event("page", {}, { anonymousId: "5e5e5e5e-0000-4000-8000-000000000078", userId })]);
  await desk.outcomes(integration, "delivered", 1);
  const page = await desk.administrator("/privacy");
  await page.getByRole("combobox", { name: "Kind of ID" }).selectOption("User ID");
  await page.getByRole("searchbox", { name: "ID" }).fill(userId);
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("row", { name: /Handed on to Matomo.*Found/ }).waitFor();
  await page.getByRole("row", { name: /Deaf Matomo.*No usable answer.*GDPR Tools/s }).waitFor();
  await desk.picture(page, "privacy-matomo-found");
  assert.deepEqual(await violations(page, "found"), []);

  await page.getByRole("button", { name: "Erase" }).click();
  await page.getByRole("dialog").getByText(/In Matomo: \d+ visits?, with/).waitFor();
  await confirm(page, "Erase");
  // The demo's own integration shares this Matomo and is asked first.
  await page.getByRole("row", { name: /Erased there too/ }).first().waitFor();
  await desk.picture(page, "privacy-matomo-receipt");
  assert.deepEqual(await violations(page, "receipt"), []);
  await page.setViewportSize(narrow);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "a phone does not scroll sideways");
});

test("Viewer_EveryPage_SeesNoAction", async () => {
  const { source, integration } = await desk.wired("Viewed", { integration: { mappings: [refused] } });
  await desk.send(source, [event("page"), event("Broken")]);
  await desk.outcomes(integration, "delivered", 1);
  await desk.outcomes(integration, "dead_letter", 1);
  await desk.signal.api(`integrations/${integration.id}`, { note: "Second", name: "Viewed twice" }, "PATCH");
  await desk.signal.api("users", { email: "vera@example.com", name: "Vera", role: "viewer", password: "a few words in a row" });
  const page = await desk.stranger();
  await page.goto("/sign-in");
  await desk.signIn(page, "vera@example.com", "a few words in a row");
  const [{ event_id: id }] = (await desk.signal.api(`integrations/${integration.id}/events?outcome=delivered`)).data;
  const actions = /^(Add|Create|Save|Remove|Discard|Replay|Restore|Enable|Disable|Send again|Count|Test connection|New |Erase|Export|Revoke|Unlock)/;
  const tabs = ["overview", "events", "mapping", "dead-letters", "settings", "history"].map((tab) => `/integrations/${integration.id}/${tab}`);
  for (const path of ["/", "/sources", "/sources?add=true", `/sources/${source.id}`, "/integrations", ...tabs, `/integrations/${integration.id}/events?event=${id}`, "/events", `/events/${id}`, "/alerts", "/health"]) {
    await desk.go(page, path);
    const offered = await page.locator("main").locator("button:enabled, a.button").allTextContents();
    assert.deepEqual(offered.filter((text) => actions.test(text.trim())), [], path);
    const editable = await page.locator("main").locator("input:enabled:not([type=search]):not([list]), textarea:enabled:not([readonly])").count();
    assert.equal(editable - (await page.locator("main .filters input, main [aria-label='Event as JSON'], main #compare input").count()) <= 0, true, `${path} has ${editable} fields to edit`);
  }
  assert.deepEqual(await page.getByRole("navigation", { name: "Main" }).locator("ul a").allTextContents().then((all) => all.map((text) => text.trim().split(/\s/)[0]).filter(Boolean)), ["Overview", "Sources", "Integrations", "Events", "Alerts", "Health"]);
  for (const path of ["/users", "/tokens", "/audit", "/privacy"]) {
    await page.goto(path);
    await page.getByText("Your role does not allow this page.").waitFor();
  }
});
