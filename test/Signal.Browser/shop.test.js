import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./browser.js";
import { openWorld } from "./world.js";

const world = openWorld();
/** What the shop told; the consent's own notice and the time on page aside. */
const names = () => world.site.events().map((event) => event.event ?? event.type).filter((name) => !["identify", "Heartbeat"].includes(name));

/** A person's browser: Chromium without a window says so in its agent, and bots are not counted. */
const person = {
  viewport: { width: 390, height: 844 },
  userAgent: "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
  locale: "en-GB",
};

test("Shop_FromLandingToOrder_TellsTheWholeStory", async () => {
  const page = await world.browser.newPage(person);
  const problems = [];
  page.on("pageerror", (error) => problems.push(`${error}`));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  await page.goto(`${world.site.origin}/shop/`);
  await page.click("#accept");
  await page.click("text=Halo table lamp");
  await page.click("#add");
  await page.fill("[name=find]", "mug");
  await page.click("text=Search");
  await page.click("[data-add]");
  await page.click("#cart-link");
  await page.click("[data-more=NL-MUG-03]");
  await page.click("#checkout");
  await page.fill("[name=name]", "Ada");
  await page.fill("[name=address]", "1 Quiet Street");
  await page.fill("[name=coupon]", "hello10");
  await page.click("text=Place the order");
  await page.waitForSelector("#order-id");
  await until(() => names().includes("Order Completed"), "the order");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `the page is ${width} px wide`);
  await page.reload();
  await until(() => names().length === 16, "the last page view");
  await page.close();
  assert.deepEqual(problems, []);
  assert.deepEqual(names(), [
    "page", "Product List Viewed",
    "page", "Product Viewed", "Product Added",
    "page", "Products Searched", "Product Added",
    "page", "Cart Viewed", "Product Added",
    "page", "Checkout Started",
    "page", "Order Completed",
    "page",
  ]);
  if (!world.signal) return;

  const [visit] = await until(async () => {
    const visits = await world.signal.visits();
    return visits.some((each) => each.conversions.some((conversion) => conversion.goal === 0)) && visits[0].action_list.length >= 8 && visits;
  }, "the order in Matomo");
  assert.equal((await world.signal.visits()).length, 1, "one visit");
  const orders = visit.conversions.filter((conversion) => conversion.goal === 0);
  assert.equal(orders.length, 1, "one order");
  const { order, revenue, subtotal, tax, discount, items } = orders[0];
  assert.deepEqual({ revenue, subtotal, tax, discount, items }, { revenue: 112.5, subtotal: 112.5, tax: 17.96, discount: 12.5, items: 3 });
  assert.deepEqual(
    visit.items.filter((item) => !item.deleted).map(({ order: of, sku, price, quantity }) => [of, sku, price, quantity]),
    [[order, "NL-LAMP-01", 89, 1], [order, "NL-MUG-03", 18, 2]],
    "the right cart",
  );
  assert.equal(visit.searches, 1, "one search");
  const viewed = visit.action_list.filter((action) => action.product_sku);
  assert.deepEqual(viewed.map((action) => action.product_sku), ["NL-LAMP-01"], "the product view is its page view");
});
