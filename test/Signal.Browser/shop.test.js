import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./browser.js";
import { openWorld } from "./world.js";

const world = openWorld();
const names = () => world.site.events().map((event) => event.event ?? event.type);

test("Shop_FromLandingToOrder_TellsTheWholeStory", async () => {
  const page = await world.browser.newPage({ viewport: { width: 390, height: 844 } });
  const problems = [];
  page.on("pageerror", (error) => problems.push(`${error}`));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  await page.goto(`${world.site.origin}/shop/`);
  await page.click("#accept");
  await page.click("text=Halo table lamp");
  await page.click("#add");
  await page.fill("[name=q]", "mug");
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
  const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(scroll <= 390, `fits 390 px, is ${scroll}`);
  assert.deepEqual(problems, []);


});
