import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, afterEach, before } from "node:test";
import { launch, until } from "./browser.js";
import { startSignal } from "./signal.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = new URL("../../artifacts/console/", import.meta.url).pathname;

/** The widths everything is looked at. */
export const wide = { width: 1440, height: 900 };
export const narrow = { width: 390, height: 844 };

/** What a page is waited for: another helper may be building on the same two cores. */
const patience = 30_000;

/** The page is alive: its circuit stands and clicks count. */
export const live = (page) => page.locator("[data-live]").waitFor({ state: "attached" });

/**
 * A running Signal with its console in a browser. Whatever a page should never do (throw, break the content security
 * policy, open a dialog, ask another host, meet a server error) fails the test in which it happens. `empty` starts an
 * installation without a user; `environment` has further settings; `prepare` fills it before the first test.
 */
export const openConsole = ({ empty, environment, prepare } = {}) => {
  const desk = { problems: [] };
  const contexts = new Set();
  let session;
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    desk.signal = await startSignal({ empty, environment });
    assert.ok(desk.signal, "the console is tested against the real program");
    desk.browser = await launch();
    await prepare?.(desk);
  });
  after(async () => {
    await desk.browser?.close();
    await desk.signal?.stop();
  });
  afterEach(async () => {
    for (const context of contexts) await context.close();
    contexts.clear();
    assert.deepEqual(desk.problems.splice(0), [], "nothing went wrong behind what the test looked at");
  });

  const watch = (page) => {
    page.setDefaultTimeout(patience);
    page.on("pageerror", (error) => desk.problems.push(`thrown: ${error}`));
    page.on("dialog", (dialog) => (desk.problems.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
    page.on("console", (message) => message.type() === "error" && !desk.expects?.test(message.text()) && desk.problems.push(`console: ${message.text()}`));
    page.on("request", (request) => {
      const url = request.url();
      if (!/^(data|blob):/.test(url) && new URL(url).origin !== desk.signal.manage) desk.problems.push(`asked another host: ${url}`);
    });
    page.on("response", (response) => response.status() >= 500 && desk.problems.push(`${response.status()}: ${response.url()}`));
    return page;
  };

  /** A page of somebody without a session. */
  desk.stranger = async (options = {}) => {
    const context = await desk.browser.newContext({ baseURL: desk.signal.manage, viewport: wide, timezoneId: "Europe/Berlin", locale: "en-GB", ...options });
    contexts.add(context);
    return watch(await context.newPage());
  };

  /** Fills in the form at /sign-in, wherever the page stands. */
  desk.signIn = async (page, email, password) => {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await live(page);
  };

  /** A page of the administrator, signed in already. */
  desk.administrator = async (path, options = {}) => {
    if (!session) {
      const page = await desk.stranger();
      await page.goto("/sign-in");
      await desk.signIn(page, desk.signal.email, desk.signal.password);
      session = await page.context().storageState();
      await page.context().close();
    }
    const page = await desk.stranger({ storageState: session, ...options });
    if (path) await desk.go(page, path);
    return page;
  };

  /** Opens an address and waits until it is alive. */
  desk.go = async (page, path) => {
    await page.goto(path);
    await live(page);
    await settled(page);
  };

  /** Keeps what the page looks like as a test artefact. */
  desk.picture = (page, name, options) => page.screenshot({ path: `${pictures}${name}.png`, animations: "disabled", ...options });

  /** Sends events as a visitor's browser would; answers when they are on disk. */
  desk.send = async (source, events) => {
    for (let at = 0; at < events.length; at += 500) {
      const body = JSON.stringify({ writeKey: source.pipeline_key, batch: events.slice(at, at + 500) });
      const response = await fetch(`${desk.signal.collect}/v1/b`, { method: "POST", headers: { "Content-Type": "application/json", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" }, body });
      const answer = await response.text();
      assert.equal(response.status, 200, answer);
      assert.deepEqual(JSON.parse(answer).errors, []);
    }
  };

  /** A source with an integration that delivers to the demo's Matomo. */
  desk.wired = async (name, { source, integration } = {}) => {
    const made = await desk.signal.api("sources", { name, domain: "localhost", filter_bots: false, ...source });
    const config = { matomo_url: desk.signal.matomo, site_id: "1", token_auth: desk.signal.matomoToken };
    const body = { source_id: made.id, vendor: "matomo", name: `${name} to Matomo`, enabled: true, consent_categories: ["analytics"], ...integration, config: { ...config, ...integration?.config } };
    return { source: made, integration: await desk.signal.api("integrations", body) };
  };

  /** Waits until an integration has so many rows of an outcome. */
  desk.outcomes = (integration, outcome, count) =>
    until(async () => (await desk.signal.api(`integrations/${integration.id}/events?limit=100&outcome=${outcome}`)).data.length >= count, `${count} events ${outcome}`, patience);
  return desk;
};

/** The page shows what it has read: no skeleton is left. */
export const settled = (page) => page.waitForFunction(() => !document.querySelector(".skeleton") && document.readyState === "complete");

/** Shows the page light or dark. */
export const themed = (page, theme) => page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);

/** What axe finds wrong with the page; `rules` narrows what it looks for. */
export const violations = async (page, what, rules) => {
  await page.evaluate(`window.axe || (() => { ${axe} })()`);
  const found = await page.evaluate((only) => window.axe.run(document, { resultTypes: ["violations"], ...(only && { runOnly: { type: "rule", values: only } }) }).then((result) => result.violations), rules);
  return found.flatMap((rule) => rule.nodes.map((node) => `${what}: ${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
};

/** What makes the page wider than the window. */
export const unfit = async (page, what) => {
  const { wider, by } = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const clipped = (e) => {
      for (let p = e.parentElement; p; p = p.parentElement) if (/auto|hidden|scroll/.test(getComputedStyle(p).overflowX)) return true;
      return false;
    };
    return {
      wider: document.documentElement.scrollWidth - room,
      by: [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > room + 1 && !clipped(e)).slice(0, 3).map((e) => `${e.tagName}.${e.className}`),
    };
  });
  return wider > 0 ? [`${what} is ${wider} px too wide: ${by}`] : [];
};

let last = 0;
/** An event of a visitor. */
export const event = (name, properties = {}, more = {}) => ({
  type: name === "page" ? "page" : "track",
  ...(name === "page" ? {} : { event: name }),
  messageId: `m-${process.pid}-${++last}`,
  anonymousId: more.anonymousId ?? "a1b2c3d4-e5f6-4718-9abc-def012345678",
  timestamp: new Date().toISOString(),
  properties: { url: "http://localhost/", title: "Home", ...properties },
  ...more,
});

/** A mapping with which Matomo refuses the event "Broken", unless it names a goal that exists: 1. */
export const refused = { event: "Broken", target: "idgoal", source: "properties.goal", default: "99" };
