import assert from "node:assert/strict";
import { test } from "node:test";
import { event, openConsole, refused } from "./console.js";

const desk = openConsole();

/** Markup that says so when it is read as markup, in the shapes that slip through different holes. */
const attack = (n) => [`<img src=x onerror="window.__xss=${n}">`, `"><svg onload=window.__xss=${n}>`, `</textarea><script>window.__xss=${n}</script>`, `javascript:window.__xss=${n}//'"`, `{{constructor.constructor('window.__xss=${n}')()}}`][n % 5];

test("StoredMarkup_OnEveryPageThatShowsIt_StaysText", async () => {
  const names = [0, 1, 2, 3, 4].map(attack);
  const { source, integration } = await desk.wired(attack(5).slice(0, 80), { integration: { name: attack(6), mappings: [refused, { event: "*", target: "dimension1", source: "properties.note" }] } });
  const more = (n) => ({
    anonymousId: `xss-${n}-${attack(n)}`.slice(0, 100),
    userId: attack(n),
    traits: { plan: attack(n) },
    context: { page: { url: `http://localhost/?q=${attack(n)}`, title: attack(n), referrer: `http://evil.example/${attack(n)}` }, campaign: { source: attack(n), medium: attack(n), name: attack(n), term: attack(n), content: attack(n) }, userAgent: attack(n) },
  });
  await desk.send(source, [
    ...names.map((name, n) => event(name, { note: attack(n), url: `http://localhost/${attack(n)}`, title: attack(n) }, more(n))),
    ...names.map((_, n) => event("page", { url: `http://localhost/?utm_source=${attack(n)}&utm_campaign=${attack(n)}`, title: attack(n), referrer: attack(n) }, more(n))),
    event("Broken", { note: attack(0) }, more(1)),
    event("Order Completed", { order_id: attack(2), revenue: 1, products: [{ product_id: attack(3), name: attack(4), category: attack(0), price: 1 }] }, more(2)),
  ]);
  await desk.outcomes(integration, "delivered", 11);
  await desk.outcomes(integration, "dead_letter", 1);
  await desk.signal.api(`integrations/${integration.id}`, { name: attack(7), note: attack(8) }, "PATCH");
  await desk.signal.api("users", { email: "mallory@example.com", name: attack(9), role: "viewer", password: "a few words in a row" });
  await desk.signal.api("tokens", { name: attack(10), role: "viewer" });

  const all = (await desk.signal.api(`integrations/${integration.id}/events?limit=100`)).data;
  const rows = [...new Map(all.map((row) => [row.event, row])).values()];
  const tab = (name) => `/integrations/${integration.id}/${name}`;
  const dead = rows.find((row) => row.outcome === "dead_letter");
  const paths = [
    "/", "/sources", `/sources/${source.id}`, "/integrations", tab("overview"), tab("events"), ...rows.map((row) => `${tab("events")}?event=${row.event_id}`),
    ...rows.slice(0, 3).map((row) => `${tab("mapping")}?event=${row.event_id}`), tab("dead-letters"), tab("settings"), tab("history"), "/events", `/events/${dead.event_id}`,
    ...names.slice(0, 2).map((name) => `/events?search=${encodeURIComponent(name)}`), `${tab("events")}?search=${encodeURIComponent(attack(0))}&named=${encodeURIComponent(attack(1))}`,
    "/users", "/tokens", "/audit", `/audit?actor=${encodeURIComponent(attack(0))}`, "/privacy", "/health",
  ];
  const page = await desk.administrator();
  const unharmed = async (where) => {
    assert.equal(await page.evaluate(() => window.__xss), undefined, `${where} ran what a visitor sent`);
    assert.equal(await page.locator("img, main svg[onload], main script, [onerror], a[href^='javascript:']").count(), 0, `${where} made elements of what a visitor sent`);
  };
  for (const path of paths) {
    await desk.go(page, path);
    await page.evaluate(() => document.querySelectorAll("main details").forEach((details) => (details.open = true)));
    await unharmed(path);
  }

  await desk.go(page, tab("dead-letters"));
  await page.getByRole("button", { name: "Broken" }).click();
  await page.getByLabel("The event").waitFor();
  await unharmed("an opened dead letter");
  await desk.go(page, "/audit");
  for (const row of await page.locator("tbody button[data-row]").all()) {
    await row.click();
    await page.locator("tr.open .diff").waitFor();
    await unharmed("an opened audit entry");
    await row.click();
  }
  await desk.go(page, "/users");
  await page.getByRole("row", { name: /mallory/ }).getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").waitFor();
  await unharmed("a question that names a user");
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.locator(".mud-snackbar").waitFor();
  await unharmed("a message that names a user");
});

test("Policy_OfThePages_RunsNoScriptButOurs", async () => {
  const page = await desk.administrator("/");
  desk.expects = /Content Security Policy|violates|Refused/;
  const ran = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.__ran = 'inline'";
    document.body.append(script);
    const handler = document.createElement("div");
    handler.setAttribute("onclick", "window.__ran = 'handler'");
    document.body.append(handler);
    handler.click();
    return { ran: window.__ran, elsewhere: await fetch("https://example.com/").then(() => "asked", () => "refused") };
  });
  assert.deepEqual(ran, { ran: undefined, elsewhere: "refused" });
  desk.expects = undefined;
  desk.problems.length = 0;
});
