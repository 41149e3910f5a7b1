import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Chromium with its back/forward cache, which Playwright would switch off. */
export const launch = () => chromium.launch({ executablePath, args, ignoreDefaultArgs: ["--disable-back-forward-cache"] });

/** A Chromium that nobody drives, for what a debugger prevents: prerendering. Answers how to end it. */
export const launchAlone = async (url) => {
  const profile = await mkdtemp(join(tmpdir(), "signal-browser-"));
  const child = spawn(executablePath, ["--headless", "--remote-debugging-port=0", ...args, `--user-data-dir=${profile}`, url], { stdio: "ignore" });
  return async () => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
};

/** Waits for a condition instead of a time. Answers its first truthy value. */
export const until = async (condition, what, limit = 15_000) => {
  const end = Date.now() + limit;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${limit} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
};
