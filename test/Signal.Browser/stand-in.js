import { createServer, request as ask } from "node:http";
import { readFile } from "node:fs/promises";
import { compose } from "../../sdk/datafly/compose.mjs";

const shop = new URL("../../samples/shop/", import.meta.url);
const types = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css", txt: "text/plain" };

/**
 * The site of the tests: serves their pages, and stands between the browser and the collection, where it notes what
 * passes and fails on request. Behind it is the real program (`signal`, an address), or nothing: then it answers as
 * the contract says, so that the SDK can be tested alone.
 */
export const startSite = async (signal) => {
  const site = {
    /** HTML by path. */
    pages: {},
    /** Scripts by path. */
    files: {},
    /** Further headers of pages. */
    headers: {},
    /** Settings by script path; only without the real program. */
    scripts: {},
    /** What passed: path, body, the status it was answered with. */
    requests: [],
    /** When set, collection answers this instead. */
    fault: undefined,
    /** When set, told of every path asked for. */
    visited: undefined,
    /** Milliseconds before collection answers. */
    delay: 0,
  };

  const forward = (request, body) =>
    new Promise((done, failed) => {
      const headers = { ...request.headers, "x-forwarded-for": "203.0.113.50" };
      const call = ask(new URL(request.url, signal), { method: request.method, headers }, async (response) => {
        const parts = [];
        for await (const part of response) parts.push(part);
        done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
      });
      call.on("error", failed);
      call.end(body);
    });

  const pretend = (request, seen) => {
    const id = seen.path.endsWith("/reset") ? (seen.body.forget ? "; Max-Age=0" : crypto.randomUUID()) : (seen.cookie ?? seen.body.batch[0].anonymousId);
    const answer = seen.body.batch ? { success: true, accepted: seen.body.batch.length, errors: [] } : { success: true };
    return { status: 200, headers: { "Content-Type": "application/json", "Set-Cookie": `_dfid=${id}; HttpOnly; SameSite=Lax; Path=/` }, body: JSON.stringify(answer) };
  };

  const collect = async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const cookie = /_dfid=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
    const seen = { path: request.url.split("?")[0], method: request.method, type: request.headers["content-type"], cookie, body: JSON.parse(body) };
    site.requests.push(seen);
    if (site.delay) await new Promise((done) => setTimeout(done, site.delay));
    const answer = site.fault ?? (signal ? await forward(request, body) : pretend(request, seen));
    seen.status = answer.status;
    seen.setCookie = `${answer.headers?.["set-cookie"] ?? answer.headers?.["Set-Cookie"] ?? ""}`;
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body ?? '{"error":{"code":"UNAVAILABLE","message":"try later"}}');
  };

  const serve = async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    site.visited?.(pathname);
    const send = (type, text, status = 200) => {
      response.writeHead(status, { "Content-Type": type, ...site.headers });
      response.end(text);
    };
    if (/^\/(v1|collect)\//.test(pathname)) return collect(request, response);
    if (site.pages[pathname] !== undefined) return send(types.html, site.pages[pathname]);
    if (site.files[pathname] !== undefined) return send(types.js, site.files[pathname]);
    if (signal && /^\/(d|datafly|d\/.*)\.js$|^\/shop\//.test(pathname)) {
      const answer = await forward(request);
      response.writeHead(answer.status, answer.headers);
      return response.end(answer.body);
    }
    if (pathname === "/d.js") return send(types.js, compose({ endpoint: "v1" }));
    if (site.scripts[pathname]) return send(types.js, compose(site.scripts[pathname]));
    const path = pathname.startsWith("/shop/") && (pathname.slice(6) || "index.html");
    const text = path && (await readFile(new URL(path, shop), "utf8").catch(() => undefined));
    if (!text) return send(types.html, "<!doctype html><title>Missing</title>", 404);
    return send(types[path.split(".").pop()], text.replaceAll("{{pipeline_key}}", "dk_test_shop").replaceAll("{{sandbox_url}}", "/sandbox"));
  };

  const server = createServer((request, response) => void serve(request, response).catch((error) => response.destroy(error)));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(site, {
    origin: `http://localhost:${server.address().port}`,
    /** Events that were answered with 200, without resends. */
    events: (key) => {
      const arrived = site.requests.filter((each) => each.status === 200 && (!key || each.body.writeKey === key));
      return [...new Map(arrived.flatMap((each) => each.body.batch ?? []).map((event) => [event.messageId, event])).values()];
    },
    stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  });
};
