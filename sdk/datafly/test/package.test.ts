// @vitest-environment node
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const here = new URL("..", import.meta.url).pathname;
const documentation = readFileSync(new URL("../../../docs/datafly-js.md", import.meta.url), "utf8");

/** The packed package, installed into a project of its own as a site would. */
describe("package", () => {
  let project: string;
  const write = (name: string, text: string) => writeFileSync(join(project, name), text);
  const npm = (...args: string[]) => execFileSync("npm", args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

  const bundle = (text: string, format: "esm" | "iife" = "esm") => {
    write("entry.ts", text);
    return buildSync({ entryPoints: [join(project, "entry.ts")], bundle: true, write: false, minify: true, format, target: "es2022" }).outputFiles[0].text;
  };

  const typed = (text: string) => {
    write("typed.ts", text);
    const options = ["--noEmit", "--strict", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022", "--lib", "es2022,dom", "--types", ""];
    try {
      return execFileSync(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), ...options, "typed.ts"], { cwd: project, encoding: "utf8" });
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  };

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), "datafly-package-"));
    write("package.json", '{ "name": "site", "private": true, "type": "module" }');
    const [{ filename }] = JSON.parse(npm("pack", here, "--json", "--pack-destination", project));
    npm("install", "--offline", "--no-audit", "--no-fund", `./${filename}`);
  }, 60_000);
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("Pack_Files_AreTheBuiltOnesAndTheReadme", () => {
    const [{ files }] = JSON.parse(npm("pack", here, "--json", "--dry-run")) as [{ files: { path: string }[] }];
    expect(files.map(({ path }) => path).filter((path) => !path.startsWith("dist/npm/"))).toEqual(["README.md", "package.json"]);
  });

  it("Bundle_OfTheDocumentedModule_RunsAndHasNoReaderNobodyAskedFor", () => {
    const [module] = /^```tsx?\n\/\/ analytics\.ts\n[\s\S]*?^```/m.exec(documentation)!;
    const code = bundle(module.replace(/^```.*$/gm, ""));
    expect(code).toContain("dk_live_YOUR_KEY");
    expect(code).toContain("Link Clicked");
    expect(code).not.toMatch(/__tcfapi|data-track-content/);
  });

  it("Bundle_WithParts_HasThem", () => {
    const [, module] = /^```ts\n(import [\s\S]*?)^```/m.exec(documentation)!;
    const code = bundle(module);
    expect(typed(module)).toBe("");
    expect(code).toContain("__tcfapi");
    expect(code).toContain("Heartbeat");
    expect(code).not.toContain("data-track-content");
  });

  it("Import_OnAServer_IsIdle", () => {
    write("server.mjs", 'import datafly, { init } from "datafly.js"; init({ pipelineKey: "dk", endpoint: "https://data.example.com/v1" }); datafly.track("x"); datafly.page(); console.log(typeof datafly.identify);');
    expect(execFileSync(process.execPath, ["server.mjs"], { cwd: project, encoding: "utf8" })).toBe("function\n");
  });

  it("Init_AsACallOfTheCollector_StartsItWithTheUsualParts", () => {
    write(
      "browser.mjs",
      `const listens = []; const addEventListener = (name) => listens.push(name);
      Object.assign(globalThis, { window: globalThis, location: new URL("https://shop.example.com/"), localStorage: {}, document: { title: "", referrer: "", addEventListener }, addEventListener, screen: {}, history: {}, navigator: { language: "en" } });
      console.warn = (...words) => (console.log(...words), process.exit());
      const { default: datafly } = await import("datafly.js");
      datafly.track("Early"); datafly.init("dk_live_1", { endpoint: "https://data.example.com/v1" });
      console.log(Object.keys(localStorage).filter((key) => key.includes("!")).length, listens.includes("auxclick")); process.exit();`,
    );
    expect(execFileSync(process.execPath, ["browser.mjs"], { cwd: project, encoding: "utf8" })).toBe("2 true\n");
  });

  it("Types_OfTheCommerceVocabulary_AreCheckedAndOthersFree", () => {
    const good = `
      import datafly, { init, type Order } from "datafly.js";
      import { heartbeat } from "datafly.js/parts";
      init({ pipelineKey: "dk", endpoint: "https://data.example.com/v1", consent: "opt_in", heartbeat: 30 }, [heartbeat]);
      const order: Order = { order_id: "ORD-001", revenue: 129.99, products: [{ sku: "A", price: 10, quantity: 1 }] };
      datafly.track("Order Completed", order);
      datafly.track("Signed Up", { plan: "pro" });
      datafly.on("sent", (event, answer) => console.log(event.messageId, answer.accepted));
      // @ts-expect-error an order needs its id
      datafly.track("Order Completed", { revenue: 1 });
      // @ts-expect-error there is no such consent mode
      init({ pipelineKey: "dk", endpoint: "https://data.example.com/v1", consent: "maybe" });
      // @ts-expect-error there is no such event to listen to
      datafly.on("sending", () => 0);
    `;
    expect(typed(good)).toBe("");
    const ofInterfaces = `
      import datafly from "datafly.js";
      interface Line { sku: string; price: number }
      declare const line: Line;
      datafly.track("Product Added", line);
      datafly.track("Cart Updated", { products: [line] });
      datafly.track("Anything", line);
      datafly.page(line);
      datafly.track("Cart Cleared");
      // @ts-expect-error a price is a number or its text
      datafly.track("Product Viewed", { price: true });
    `;
    expect(typed(ofInterfaces)).toBe("");
    expect(typed('import datafly from "datafly.js"; datafly.track("Order Completed", { revenue: 1 });')).toContain("order_id");
  }, 30_000);
});
