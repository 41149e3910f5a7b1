import assert from "node:assert/strict";
import { test } from "node:test";
import { event, narrow, openConsole, refused, themed, unfit, violations, wide } from "./console.js";

let shop;
let order;
const prepare = async (desk) => {
  shop = await desk.wired("Shop", { integration: { mappings: [refused] } });
  const events = [event("page"), event("Product Viewed", { product_id: "P-1", name: "Kettle", price: 30 }), event("Order Completed", { order_id: "ORD-7001", revenue: 129.99 }), ...[1, 2, 3].map((n) => event("Broken", { n }))];
  await desk.send(shop.source, [...events, event("page", {}, { anonymousId: "00000000-0000-4000-8000-000000000009", context: { consent: { analytics: false } } })]);
  await desk.outcomes(shop.integration, "delivered", 3);
  await desk.outcomes(shop.integration, "dead_letter", 3);
  order = (await desk.signal.api(`integrations/${shop.integration.id}/events?event=Order%20Completed`)).data[0].event_id;
  await desk.signal.api("tokens", { name: "Nightly report", role: "viewer" });
  await desk.signal.api("users", { email: "grace@example.com", name: "Grace", role: "editor", password: "a few words in a row" });
  const { name } = shop.integration;
  await desk.signal.api(`integrations/${shop.integration.id}`, { name: `${name} (EU)`, note: "The name says where it is." }, "PATCH");
};
const desk = openConsole({ prepare });

/** Every address people can bookmark. */
const addresses = {
  "overview": () => "/",
  "overview-30d": () => "/?range=30d",
  "sources": () => "/sources",
  "source-add": () => "/sources?add=true",
  "source": () => `/sources/${shop.source.id}`,
  "integrations": () => "/integrations",
  "integration-new": () => "/integrations/new",
  "integration-form": () => "/integrations/new?vendor=matomo",
  "integration-overview": () => `/integrations/${shop.integration.id}/overview`,
  "recent-events": () => `/integrations/${shop.integration.id}/events`,
  "recent-events-open": () => `/integrations/${shop.integration.id}/events?event=${order}`,
  "mapping": () => `/integrations/${shop.integration.id}/mapping?event=${order}`,
  "dead-letters": () => `/integrations/${shop.integration.id}/dead-letters`,
  "settings": () => `/integrations/${shop.integration.id}/settings`,
  "history": () => `/integrations/${shop.integration.id}/history`,
  "events": () => "/events",
  "event": () => `/events/${order}`,
  "users": () => "/users",
  "tokens": () => "/tokens",
  "audit": () => "/audit",
  "privacy": () => "/privacy",
  "alerts": () => "/alerts",
  "health": () => "/health",
  "account": () => "/account",
  "not-found": () => "/nowhere",
};

for (const viewport of [wide, narrow]) {
  test(`Pages_At${viewport.width}_AreAccessibleAndFit_InLightAndDark`, async () => {
    const page = await desk.administrator(undefined, { viewport, colorScheme: "light" });
    const wrong = [];
    for (const [name, path] of Object.entries(addresses)) {
      desk.expects = name === "not-found" ? /404/ : undefined;
      await desk.go(page, path());
      assert.match(await page.title(), /Signal$/, name);
      await desk.picture(page, `${name}-${viewport.width}-light`);
      wrong.push(...(await unfit(page, name)), ...(await violations(page, name)));
      await themed(page, "dark");
      await desk.picture(page, `${name}-${viewport.width}-dark`);
      wrong.push(...(await violations(page, `${name} in the dark`, ["color-contrast"])));
    }
    assert.deepEqual(wrong, []);
  });
}

test("EventMappedByAnEarlierRevision_StillSaysWhichRuleMadeEachField", async () => {
  const page = await desk.administrator();
  await desk.go(page, `/events/${order}`);
  await page.getByText("by revision 1").waitFor();
  const revenue = page.getByRole("row").filter({ has: page.getByRole("cell", { name: "revenue", exact: true }) }).first();
  assert.match(await revenue.innerText(), /129\.99[\s\S]*preset: Order Completed/);
});

test("SignInPage_OfAnyone_IsAccessibleAndFits", async () => {
  for (const viewport of [wide, narrow]) {
    const page = await desk.stranger({ viewport, colorScheme: "dark" });
    await page.goto("/sign-in");
    assert.deepEqual([...(await unfit(page, "sign-in")), ...(await violations(page, "sign-in"))], []);
    await desk.picture(page, `sign-in-${viewport.width}-dark`);
  }
});
