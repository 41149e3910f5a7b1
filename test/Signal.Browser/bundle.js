import { build } from "esbuild";
import { compileScript, parse } from "vue/compiler-sfc";

const here = new URL(".", import.meta.url).pathname;
const dist = new URL("../../sdk/datafly/dist/npm/", import.meta.url).pathname;

/** A Vue component as a module. */
const component = (text, filename) => compileScript(parse(text, { filename }).descriptor, { id: filename, inlineTemplate: true }).content;

/**
 * Bundles an application as a site's own build would, from files by name of which `main` is the entry; `datafly.js` is
 * the built package. Names in `injected` are files whose exports are everywhere, as Nuxt's are.
 */
export const bundle = async (files, { main, injected = [] }) => {
  const own = {
    name: "files",
    setup: (given) => {
      const nameOf = (path) => Object.keys(files).find((name) => name === path || name.replace(/\.\w+$/, "") === path);
      given.onResolve({ filter: /.*/ }, ({ path }) => {
        const name = nameOf(path.replace(/^(\.?\/)+/, ""));
        return name && { path: name, namespace: "files" };
      });
      given.onLoad({ filter: /.*/, namespace: "files" }, ({ path }) => {
        const isComponent = path.endsWith(".vue");
        return { contents: isComponent ? component(files[path], path) : files[path], loader: isComponent ? "js" : path.split(".").pop(), resolveDir: here };
      });
    },
  };
  const { outputFiles } = await build({
    entryPoints: [main],
    inject: injected,
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    alias: { "datafly.js": `${dist}index.js` },
    define: { "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
    plugins: [own],
    absWorkingDir: here,
    logLevel: "silent",
  });
  return outputFiles[0].text;
};
