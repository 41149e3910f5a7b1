import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { compose } from "./compose.mjs";

const here = new URL(".", import.meta.url);
const at = (path) => new URL(path, here).pathname;
const { version } = JSON.parse(await readFile(at("package.json"), "utf8"));

/** Chrome 103, Firefox 100, Safari 16.4 and everything since. */
const target = "es2022";
const define = { VERSION: JSON.stringify(version) };
const common = { bundle: true, format: "iife", target, define, write: false, legalComments: "none", charset: "utf8", minifySyntax: true };

/** Which settings need which part, in the order in which parts run. `default` is what holds when nobody has said. */
const features = {
  dnt: { part: "signals", default: false },
  gpc: { part: "signals", default: false },
  deny: { part: "hygiene", default: false },
  allow: { part: "hygiene", default: false },
  hints: { part: "hints", default: false },
  downloads: { part: "links", default: true },
  outlinks: { part: "links", default: true },
  content: { part: "content", default: false },
  sitesearch: { part: "sitesearch", default: false },
  heartbeat: { part: "heartbeat", default: true },
  errors: { part: "errors", default: false },
  notfound: { part: "notfound", default: false },
};
const readers = ["tcf", "gcm", "onetrust", "cookiebot", "didomi", "osano", "klaro", "usercentrics", "cookie"];

const bundle = async (options) => (await build({ ...common, ...options })).outputFiles[0].text.trim();

/** The same short names in the same order everywhere: what is alike in the core and the parts becomes the same bytes. The order is the one, of some thousands tried, that compresses best. */
const letters = "easdtoniu_vpmEfkrbglDcyhVqUYFNHLRGxIWZCzjBKwPJMTOQ$XSA";
const naming = {
  get: (index) => (index < letters.length ? letters[index] : letters[index % letters.length] + naming.get(Math.floor(index / letters.length) - 1)),
  reset() {},
  sort() {},
  consider() {},
};

/** An expression, squeezed. The call around it keeps the minifier from dropping what nothing uses yet. */
const squeeze = async (expression) => {
  const options = { passes: 4, unsafe: true, unsafe_arrows: true, unsafe_methods: true, pure_getters: true, unsafe_comps: true, inline: 1, sequences: false };
  const long = await minify(`USE(${expression})`, { ecma: 2020, compress: options, mangle: false });
  const { code } = await minify(long.code, { ecma: 2020, compress: false, mangle: { nth_identifier: naming } });
  return /^USE\(([\s\S]*)\);$/.exec(code)[1];
};

/** What stands inside the function that esbuild puts around a bundle. */
const inside = (text) => /^(?:"use strict";)?\s*\(\(\) => \{([\s\S]*)\}\)\(\);$/.exec(text)[1];

/** The core: a function of the settings and the parts. */
const core = async () => {
  const text = await bundle({ entryPoints: [at("src/served.ts")], define: { ...define, SETTINGS: "SETTINGS_", PARTS: "PARTS_" } });
  const code = await squeeze(`(SETTINGS_,PARTS_)=>{${inside(text)}}`);
  // esbuild declares by `var` what it bundles; all else is `let`.
  return `(${code.replace(/\bvar /g, "let ")})`;
};

/** A part: a function of the collector, the settings and the address cleaner. */
const part = async (name) => {
  const contents = `import { part } from "./${name}"; RETURN(part);`;
  const text = await bundle({ stdin: { contents, resolveDir: at("src/parts") } });
  return squeeze(`(()=>{${inside(text).replace(/RETURN\((\w+)\);\s*$/, "return $1")}})()`);
};

await rm(at("dist"), { recursive: true, force: true });
await mkdir(at("dist/parts"), { recursive: true });
await mkdir(at("dist/npm"), { recursive: true });

const names = [...readers.map((reader) => `consent-${reader}`), ...new Set(Object.values(features).map((feature) => feature.part))];
await writeFile(at("dist/core.js"), await core());
for (const name of names) await writeFile(at(`dist/parts/${name}.js`), await part(name));
const manifest = {
  version,
  core: "core.js",
  default: [...new Set(Object.values(features).filter((feature) => feature.default).map((feature) => feature.part))],
  features,
  readers: Object.fromEntries(readers.map((reader) => [reader, `consent-${reader}`])),
  parts: Object.fromEntries(names.map((name) => [name, { file: `parts/${name}.js` }])),
};
await writeFile(at("dist/manifest.json"), JSON.stringify(manifest, null, 2) + "\n");

const script = compose({ endpoint: "v1" });
await writeFile(at("dist/d.js"), script);

const npm = { entryPoints: [at("src/index.ts"), at("src/parts.ts")], outdir: at("dist/npm"), bundle: true, splitting: true, format: "esm", target, define };
await build(npm);
execFileSync(process.execPath, [at("node_modules/typescript/bin/tsc"), "-p", at("tsconfig.types.json")], { stdio: "inherit" });

console.log(`dist/d.js: ${script.length} bytes, ${gzipSync(script, { level: 9 }).length} gzipped`);
