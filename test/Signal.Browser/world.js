import assert from "node:assert/strict";
import { after, before } from "node:test";
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

  let count = 0;

  /** A source of its own for a test; answers its key, its script and what arrived for it. */
  world.source = async (settings = {}) => {
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
    return { pipelineKey, script, requests, events, names, settled, delivered };
  };

  /** A page of the site with a source's script on it. */
  world.put = (path, source, { head = "", body = "", title = path } = {}) => {
    world.site.pages[path] = `<!doctype html><html lang="en"><head><title>${title}</title><link rel="icon" href="data:,">${head}<script async src="${source.script}"></script></head><body>${body}</body></html>`;
    return world.site.origin + path;
  };

  /** A visitor: a browser context of their own. */
  world.visitor = async (options) => {
    const context = await world.browser.newContext(options);
    context.problems = [];
    context.on("weberror", (error) => context.problems.push(`${error.error()}`));
    return context;
  };
  return world;
};

/** Waits until the SDK has started on the page. */
export const ready = (page) => page.waitForFunction(() => window.datafly?.version && new Promise((done) => window.datafly.ready(() => done(true))));
