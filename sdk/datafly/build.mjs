import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const here = new URL(".", import.meta.url);
const at = (path) => new URL(path, here).pathname;
const { version } = JSON.parse(await readFile(at("package.json"), "utf8"));

/** Chrome 94, Firefox 93, Safari 16.4 and everything since. */
const target = "es2022";
const define = { VERSION: JSON.stringify(version) };
const common = { bundle: true, format: "iife", target, define, write: false, legalComments: "none", charset: "utf8" };

/** What a script is made of when nobody has configured anything. */
const features = {
  downloads: { part: "links", default: true },
  outlinks: { part: "links", default: true },
  content: { part: "content", default: false },
  notfound: { part: "notfound", default: false },
  sitesearch: { part: "sitesearch", default: false },
  heartbeat: { part: "heartbeat", default: false },
  errors: { part: "errors", default: false },
};
const readers = []; //["tcf", "gcm", "onetrust", "cookiebot", "didomi", "osano", "klaro", "usercentrics", "cookie"];

const bundle = async (options) => (await build({ ...common, ...options })).outputFiles[0].text.trim();

/** An expression, squeezed. The call around it keeps the minifier from dropping what nothing uses yet. */
const squeeze = async (expression) => {
  const { code } = await minify(`USE(${expression})`, { ecma: 2020, compress: { passes: 4, unsafe: true, unsafe_arrows: true, unsafe_methods: true, pure_getters: true, unsafe_comps: true, inline: 1 }, mangle: true });
  return /^USE\(([\s\S]*)\);$/.exec(code)[1];
};

/** What stands inside the function that esbuild puts around a bundle. */
const inside = (text) => /^(?:"use strict";)?\s*\(\(\) => \{([\s\S]*)\}\)\(\);$/.exec(text)[1];

/** The core: a function of the settings and the parts. */
const core = async () => {
  const text = await bundle({ entryPoints: [at("src/served.ts")], define: { ...define, SETTINGS: "SETTINGS_", PARTS: "PARTS_" } });
  return `(${await squeeze(`(SETTINGS_,PARTS_)=>{"use strict";${inside(text)}}`)})`;
};

/** A part: a function of the collector, the settings and the address cleaner. */
const part = async (name) => {
  const contents = `import { part } from "./${name}"; RETURN(part);`;
  const text = await bundle({ stdin: { contents, resolveDir: at("src/parts") } });
  return squeeze(`(()=>{${inside(text).replace(/RETURN\((\w+)\);\s*$/, "return $1")}})()`);
};

/** The script as served: see README, "Composition". */
const compose = (files, settings, parts) => `${files.core}(${JSON.stringify(settings)},[${parts.map((name) => files[name]).join(",")}]);\n`;

await rm(at("dist"), { recursive: true, force: true });
await mkdir(at("dist/parts"), { recursive: true });

const names = [...new Set(Object.values(features).map((feature) => feature.part)), ...readers.map((reader) => `consent-${reader}`)];
const files = { core: await core() };
for (const name of names) files[name] = await part(name);

await writeFile(at("dist/core.js"), files.core);
for (const name of names) await writeFile(at(`dist/parts/${name}.js`), files[name]);

const standard = [...new Set(Object.values(features).filter((feature) => feature.default).map((feature) => feature.part))];
const manifest = {
  version,
  core: "core.js",
  default: standard,
  features,
  readers: Object.fromEntries(readers.map((reader) => [reader, `consent-${reader}`])),
  parts: Object.fromEntries(names.map((name) => [name, { file: `parts/${name}.js` }])),
};
await writeFile(at("dist/manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
await writeFile(at("dist/d.js"), compose(files, {}, standard));
const size = (text) => gzipSync(text, { level: 9 }).length;
console.log("core", size(compose(files, {}, [])), "d.js", size(compose(files, {}, standard)));
