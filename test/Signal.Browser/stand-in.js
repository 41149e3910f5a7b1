import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { compose } from "../../sdk/datafly/compose.mjs";

const shop = new URL("../../samples/shop/", import.meta.url);
const types = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css", txt: "text/plain" };

/**
 * A collection endpoint small enough to be read: keeps what arrives, sets the cookie as the contract says, and
 * fails on request. `pages` maps paths to HTML; `scripts` maps paths to a source's settings.
 */
export const standIn = async ({ pages = {}, scripts = {}, headers = {} } = {}) => {
  const state = { requests: [], status: 200, retryAfter: undefined, delay: 0, pages, scripts, headers };

  const collect = async (request, response, url) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const cookie = /_dfid=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
    const cors = { "Access-Control-Allow-Origin": request.headers.origin ?? "*", "Access-Control-Allow-Credentials": "true", "Access-Control-Expose-Headers": "Retry-After" };
    const seen = { path: url.pathname, method: request.method, type: request.headers["content-type"], cookie, status: state.status, body: body ? JSON.parse(body) : undefined, at: Date.now() };
    state.requests.push(seen);
    if (state.delay) await new Promise((done) => setTimeout(done, state.delay));
    if (seen.status !== 200) {
      response.writeHead(seen.status, { ...cors, "Content-Type": "application/json", ...(state.retryAfter && { "Retry-After": state.retryAfter }) });
      return response.end('{"error":{"code":"UNAVAILABLE","message":"try later"}}');
    }
    const first = seen.body?.batch?.[0];
    const id = url.pathname.endsWith("/reset") ? (seen.body?.forget ? "; Max-Age=0" : crypto.randomUUID()) : (cookie ?? first?.anonymousId ?? crypto.randomUUID());
    response.writeHead(200, { ...cors, "Content-Type": "application/json", "Set-Cookie": `_dfid=${id}; HttpOnly; SameSite=Lax; Path=/` });
    return response.end(JSON.stringify(seen.body?.batch ? { success: true, accepted: seen.body.batch.length, errors: [] } : { success: true }));
  };

  const serve = async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (url.pathname.startsWith("/v1/")) return collect(request, response, url);
    const send = (type, text, status = 200) => {
      response.writeHead(status, { "Content-Type": type, ...state.headers });
      response.end(text);
    };
    if (url.pathname === "/d.js") return send(types.js, compose({}));
    if (state.scripts[url.pathname]) return send(types.js, compose(state.scripts[url.pathname]));
    if (url.pathname.startsWith("/shop/")) {
      const path = url.pathname.slice(6) || "index.html";
      const text = await readFile(new URL(path, shop), "utf8").catch(() => undefined);
      if (text === undefined) return send(types.html, "<title>Missing</title>", 404);
      return send(types[path.split(".").pop()], text.replaceAll("{{pipeline_key}}", "dk_test_shop").replaceAll("{{sandbox_url}}", "/sandbox"));
    }
    const page = state.pages[url.pathname];
    return page === undefined ? send(types.html, "<title>Missing</title>", 404) : send(types.html, page);
  };

  const server = createServer((request, response) => void serve(request, response));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://localhost:${server.address().port}`;
  return Object.assign(state, {
    origin,
    /** Events that were answered with 200, without resends. */
    events: () => [...new Map(state.requests.filter((each) => each.status === 200).flatMap((each) => each.body?.batch ?? []).map((event) => [event.messageId, event])).values()],
    stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  });
};
