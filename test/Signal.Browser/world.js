import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { launch, until } from "./browser.js";
import { startSignal } from "./signal.js";
import { startSite } from "./stand-in.js";

/**
 * What every test file works with: a browser, the tests' site and, behind it, the real program with its Matomo
 * sandbox (`SIGNAL_PROGRAM` names it; `none` tests the SDK alone).
 */
export const openWorld = () => {
  const world = {};
  before(async () => {
    world.signal = await startSignal();
    world.site = await startSite(world.signal?.collect);
    world.browser = await launch();
  });
  after(async () => {
    await world.browser?.close();
    await world.site?.stop();
    await world.signal?.stop();
  });

  afterEach(async () => {
    Object.assign(world.site, { fault: undefined, delay: 0, headers: {} });
    const { visitor } = world;
    world.visitor = undefined;
    await visitor?.close();
    assert.deepEqual(visitor?.problems ?? [], [], "nothing throws into the page");
  });

  let count = 0;

  /** A source of its own for a test, without heartbeats unless wanted; answers its key, its script and what arrived for it. */
  world.source = async (wanted = {}) => {
    const settings = { heartbeat: false, ...wanted };
    const made = await world.signal?.source(settings);
    const pipelineKey = made?.source.pipeline_key ?? `dk_test_${++count}`;
    const script = `/d/${pipelineKey}.js`;
    world.site.scripts[script] = { pipelineKey, endpoint: "../v1", ...settings };
    const requests = () => world.site.requests.filter((request) => request.body.writeKey === pipelineKey);
    const events = () => world.site.events(pipelineKey);
    const names = () => events().map((event) => event.event ?? event.type);
    const settled = async (expected) => {
      await until(() => names().length >= expected, `${expected} events`).catch((error) => Promise.reject(new Error(`${error.message}, got ${names()}`)));
    };
    /** The real program has delivered exactly so many events to Matomo, each once. */
    const delivered = async (expected) => {
      await settled(expected);
      if (!made) return;
      const done = async () => (await deliveries()).filter((row) => row.outcome === "delivered");
      await until(async () => (await done()).length >= expected, `${expected} events in Matomo`).catch(async (error) =>
        Promise.reject(new Error(`${error.message}: ${JSON.stringify((await deliveries()).map((row) => [row.event, row.outcome, row.reason]))}`)),
      );
      assert.equal(new Set((await done()).map((row) => row.message_id)).size, expected);
      assert.equal((await done()).length, expected);
    };
    /** The program's own account of every event of this source, by message ID. */
    const deliveries = async () => {
      const rows = [];
      for (let cursor = ""; ; ) {
        const page = await world.signal.api(`integrations/${made.integration.id}/events?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
        rows.push(...page.data);
        if (!page.has_more) return rows;
        cursor = page.next_cursor;
      }
    };
    return { pipelineKey, script, requests, events, names, settled, delivered, deliveries: made && deliveries };
  };

  /** A page of the site with a source's script on it. */
  world.put = (path, source, { head = "", body = "", title = path } = {}) => {
    world.site.pages[path] = `<!doctype html><html lang="en"><head><title>${title}</title><link rel="icon" href="data:,">${head}<script async src="${source.script}"></script></head><body>${body}</body></html>`;
    return world.site.origin + path;
  };

  /** Makes this test's visitor: a browser context of their own. */
  world.welcome = async () => {
    const visitor = await world.browser.newContext();
    visitor.problems = [];
    visitor.on("weberror", (error) => visitor.problems.push(`${error.error()}`));
    world.visitor = visitor;
  };

  /** Opens a page in the visitor's browser and waits for the SDK. */
  world.open = async (url, { script } = {}) => {
    if (!world.visitor) await world.welcome();
    const page = await world.visitor.newPage();
    if (script) await page.addInitScript(script);
    await page.goto(url);
    await ready(page);
    return page;
  };

  /** The same with a clock that can be put forward, for what must not happen however long one waits. */
  world.openWithClock = async (url) => {
    await world.welcome();
    await world.visitor.clock.install();
    return world.open(url);
  };
  return world;
};

/** Waits until the SDK has started on the page. */
export const ready = (page) => page.waitForFunction(() => window.datafly?.version && new Promise((done) => window.datafly.ready(() => done(true))));

/** Waits until the page has nothing left to send: what it wanted to send has been answered. */
export const idle = async (page, source) => {
  await page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.includes("!")));
  await afterSending(page, source);
};

/** Puts the page's clock forward, and waits until what it may have sent then has arrived. */
export const pass = async (page, source, milliseconds = 5_000) => {
  await page.clock.runFor(milliseconds);
  await afterSending(page, source);
};

/** The SDK sends under this lock, so whoever gets it next comes after. */
const afterSending = (page, source) => page.evaluate((name) => navigator.locks.request(name, () => fetch("/nothing")), `_df.${source.pipelineKey}`);
