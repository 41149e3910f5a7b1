// @vitest-environment node
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { compose } from "../compose.mjs";
import { sizes } from "../sizes.mjs";

const here = new URL("..", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, here), "utf8");
const size = (text: string) => gzipSync(text, { level: 9 }).length;
const files = ["dist/core.js", ...readdirSync(new URL("dist/parts", here)).map((name) => `dist/parts/${name}`)];

describe("what is served", () => {
  it("Script_OfATag_HasWhatIsOnByDefaultInUnder4096BytesGzipped", () => {
    expect(read("dist/d.js")).toBe(compose({ endpoint: "v1" }));
    expect(size(read("dist/d.js"))).toBeLessThanOrEqual(4_096);
  });

  it("Script_OfASource_HasWhatIsOnByDefaultInUnder4096BytesGzipped", () => {
    const scripts = [...Array(50).keys()].map((source) => compose({ pipelineKey: `dk_live_${createHash("md5").update(`${source}`).digest("hex")}`, endpoint: "../v1" }));
    expect(Math.max(...scripts.map(size))).toBeLessThanOrEqual(4_096);
  });

  it("Sizes_InTheDocumentation_AreTheMeasuredOnes", () => {
    const documented = readFileSync(new URL("../../docs/datafly-js.md", here), "utf8");
    expect(documented, "the sizes have changed: run npm run sizes").toContain(sizes());
  });

  it.each(files)("Syntax_Of %s_IsES2022AndNothingNewer", (file) => {
    const code = read(file);
    const print = (target: string) => transformSync(`(${code})`, { target, minify: false, supported: {} }).code;
    expect(print("es2022")).toBe(print("esnext"));
  });

  it.each(files)("Strict_%s_UsesNoEvalAndNoInlineCode", (file) => {
    expect(read(file)).not.toMatch(/\beval\b|new Function|\bFunction\(|innerHTML|document\.write|createElement/);
  });

  it("Parts_TheDefaultDoesNotNeed_AreLeftOut", () => {
    expect(compose({ downloads: false, outlinks: false })).not.toContain("Link Clicked");
    expect(compose({})).not.toContain("__tcfapi");
    expect(compose({ reader: "tcf" })).toContain("__tcfapi");
  });
});

describe("public surface", () => {
  it("Declarations_Built_AreTheApprovedOnes", () => {
    const parts = [...read("dist/npm/parts.d.ts").matchAll(/as (\w+)/g)].map(([, name]) => `export declare const ${name}: Part;\n`).join("");
    const built = `// datafly.js\n${read("dist/npm/api.d.ts")}\n${read("dist/npm/index.d.ts")}\n// datafly.js/parts\n${parts}`;
    if (process.env.APPROVE) execFileSync("node", ["-e", 'require("fs").writeFileSync(process.argv[1], process.argv[2])', new URL("api/datafly.d.ts", here).pathname, built]);
    expect(built, "the public surface has changed: review it, then run the tests with APPROVE=1").toBe(read("api/datafly.d.ts"));
  });

  it("Module_OnAServer_IsIdle", () => {
    const script = 'import datafly, { init } from "./dist/npm/index.js"; init({ pipelineKey: "dk", endpoint: "https://x.example/v1" }); datafly.track("x"); datafly.page(); console.log("idle")';
    expect(execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: here.pathname }).toString()).toBe("idle\n");
  });
});
