import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./browser.js";

const built = new URL("../../artifacts/signal/signal", import.meta.url).pathname;
const program = process.env.SIGNAL_PROGRAM ?? built;
const token = "browser-tests-0123456789abcdef0123456789abcdef";

const freeAddress = () =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(`http://localhost:${port}`));
    });
  });

/** A source as the management API takes it, from the SDK's settings. */
const asSource = ({ consent, dnt, gpc, cookieless, scriptPath, collectPrefix, ...options }, name) => ({
  name,
  domain: "localhost",
  filter_bots: false,
  consent: { mode: consent ?? "opt_out", ...(dnt && { dnt }), ...(gpc && { gpc }) },
  cookie: { enabled: !cookieless },
  sdk: { ...(scriptPath && { script_path: scriptPath, collect_prefix: collectPrefix }), options },
});

/** Starts the program and waits until it says what it says when it is ready. Answers what it printed and how to stop it. */
const startProgram = async (verb, environment, ready) => {
  const child = spawn(program, [verb], { env: { ...process.env, ...environment }, cwd: environment.SIGNAL_DATA_DIR, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const ended = new Promise((done) => child.once("exit", done));
  try {
    await until(() => (child.exitCode === null ? output.includes(ready) : Promise.reject(new Error(output))), `signal ${verb} to start`, 60_000);
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${error.message}\n${output}`, { cause: error });
  }
  return {
    output: () => output,
    stop: async () => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(timer);
    },
  };
};

/**
 * The program on free ports with a data directory of its own: `signal demo`, or `signal run` without a user (`empty`).
 * Undefined when `SIGNAL_PROGRAM` is `none`: then the SDK is tested against a stand-in. A program that is not built is
 * an error, not a silent pass.
 */
export const startSignal = async ({ empty = false, environment: further = {} } = {}) => {
  if (program === "none") return undefined;
  if (!existsSync(program)) throw new Error(`${program} is not built: run make build, or set SIGNAL_PROGRAM=none to test the SDK alone.`);
  const data = await mkdtemp(join(tmpdir(), "signal-browser-data-"));
  const [collect, manage, matomo] = await Promise.all([freeAddress(), freeAddress(), freeAddress()]);
  const environment = {
    SIGNAL_DATA_DIR: data,
    SIGNAL_COLLECT_URLS: collect,
    SIGNAL_MANAGE_URLS: manage,
    SIGNAL_SANDBOX_URLS: matomo,
    SIGNAL_ADMIN_TOKEN: token,
    SIGNAL_MANAGE_RATE_LIMIT: "100000",
    ...further,
  };
  const start = () => (empty ? startProgram("run", environment, "Management listens") : startProgram("demo", environment, "the demo shop"));
  let running = await start();

  const api = async (path, body, method = body ? "POST" : "GET") => {
    const response = await fetch(`${manage}/v1/admin/${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${answer}`);
    return answer && JSON.parse(answer);
  };
  const secrets = empty ? {} : JSON.parse(await readFile(join(data, "demo.json"), "utf8"));

  let count = 0;
  return {
    collect,
    manage,
    matomo,
    api,
    /** Of the demo's administrator, and of its Matomo. */
    email: "admin@example.com",
    password: secrets.Password,
    matomoToken: secrets.MatomoToken,
    output: () => running.output(),
    /** Makes a source with an integration of its own; answers both. */
    source: async (settings) => {
      const source = await api("sources", asSource(settings, `Test ${++count}`));
      const config = { matomo_url: matomo, site_id: "1", token_auth: secrets.MatomoToken };
      const integration = await api("integrations", { source_id: source.id, vendor: "matomo", name: source.name, enabled: true, config, consent_categories: ["analytics"] });
      return { source, integration };
    },
    /** What the sandbox has recorded. */
    visits: async () => (await (await fetch(`${matomo}/sandbox/state`)).json()).visits,
    /** Stops the program and starts it again at the same addresses, on the same data; `meanwhile` is done in between. */
    restart: async (meanwhile) => {
      await running.stop();
      await meanwhile?.();
      running = await start();
    },
    stop: async () => {
      await running.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
};
