// The API document through tools of other people: a linter, and a generator whose types a client compiles against.
// The document is the approved one; that the program serves exactly this is a test of Signal.Tests.
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const document = "../Signal.Tests/Manage/openapi.approved.json";
const run = (tool, ...args) => execFileSync("npx", ["--no-install", tool, ...args], { cwd: here, stdio: "inherit", env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" } });

test("a linter finds nothing", () => run("redocly", "lint", document));

test("a generated client compiles", () => {
  run("openapi-typescript", document, "--output", "generated/signal.ts");
  run("tsc", "--project", "tsconfig.json");
});
