import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = new URL(".", import.meta.url);
const at = (path) => new URL(path, here).pathname;
const { version } = JSON.parse(await readFile(at("package.json"), "utf8"));

/** Chrome 94, Firefox 93, Safari 16.4 and everything since. */
const target = "es2022";
const define = { VERSION: JSON.stringify(version) };
const common = { bundle: true, minify: true, target, define, write: false, legalComments: "none", charset: "utf8" };

/** What a script is made of when nobody has configured anything. */
const features = {
  downloads: { part: "links", default: true },
  outlinks: { part: "links", default: true },
  content: { part: "content", default: true },
  notfound: { part: "notfound", default: true },
  sitesearch: { part: "sitesearch", default: false },
  heartbeat: { part: "heartbeat", default: false },
  errors: { part: "errors", default: false },
};
const readers = []; //["tcf", "gcm", "onetrust", "cookiebot", "didomi", "osano", "klaro", "usercentrics", "cookie"];

const bundle = async (options) => (await build({ ...common, ...options })).outputFiles[0].text.trim();

/** The core as a function expression that takes the settings and the parts. */
const core = async () => {
  const text = await bundle({ entryPoints: [at("src/served.ts")], format: "iife", define: { ...define, SETTINGS: "$settings", PARTS: "$parts" } });
  const body = /^(?:"use strict";)?\(\(\)=>\{([\s\S]*)\}\)\(\);$/.exec(text);
  if (!body) throw new Error("esbuild's output has changed its shape: " + text.slice(0, 80));
  return `(($settings,$parts)=>{"use strict";${body[1]}})`.replaceAll("$settings", "S$").replaceAll("$parts", "P$");
};

/** A part as a function expression. */
const part = async (name) => {
  const contents = `import { part } from "./${name}"; RETURN(part);`;
  const text = await bundle({ stdin: { contents, resolveDir: at("src/parts") }, format: "iife" });
  const body = /^(?:"use strict";)?\(\(\)=>\{([\s\S]*)RETURN\((\w+)\);?\}\)\(\);$/.exec(text);
  if (!body) throw new Error(`the part ${name} has an unexpected shape: ${text.slice(-80)}`);
  return `(()=>{${body[1]}return ${body[2]}})()`;
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
