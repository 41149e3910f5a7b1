import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./bundle.js";
import { filled, snippets } from "./guide.js";
import { idle, openWorld } from "./world.js";

/*
 * The snippets for frameworks in docs/datafly-js.md, as they stand there, in small applications: React with React Router,
 * Vue with Vue Router. Of Next.js and Nuxt, which are too large to install here, stand-ins give what the snippets use.
 */

const world = openWorld();

const react = {
  "app.tsx": `
    import { useState } from "react";
    import { BrowserRouter, Link, Route, Routes, useParams } from "react-router";
    export const Page = ({ title }) => <><title>{title}</title><h1>{title}</h1></>;
    const Item = () => <Page title={"Item " + useParams().id} />;
    export const App = ({ base, children }) => <BrowserRouter basename={base}>
      <Link to="/list">list</Link> <Link to="/item/5">item</Link> {children}
      <Routes><Route path="/" element={<Page title="Home" />} /><Route path="/list" element={<Page title="List" />} /><Route path="/item/:id" element={<Item />} /></Routes>
    </BrowserRouter>;`,
};

const vue = {
  "router.ts": `
    import { createRouter, createWebHistory } from "vue-router";
    import { h } from "vue";
    const page = (title) => ({ setup: () => (document.title = title, () => h("h1", title)) });
    const item = { props: ["id"], setup: ({ id }) => (document.title = "Item " + id, () => h("h1", "Item " + id)) };
    export const router = (base) => createRouter({ history: createWebHistory(base), routes: [{ path: "/", component: page("Home") }, { path: "/list", component: page("List") }, { path: "/item/:id", component: item, props: true }] });`,
  "App.vue": `
    <script setup>
    import Button from "./Button.vue";
    </script>
    <template><RouterLink to="/list">list</RouterLink> <RouterLink to="/item/5">item</RouterLink> <Button /> <RouterView /></template>`,
};

/** Each application: its files, with the guide's among them, and what its button tells. */
const applications = {
  React: (fill, base) => ({
    main: "main.tsx",
    files: {
      ...react,
      "analytics.ts": fill(snippets("React", "tsx")[0]),
      "AddToCart.tsx": fill(snippets("React", "tsx")[1]),
      "main.tsx": `
        import { StrictMode } from "react";
        import { createRoot } from "react-dom/client";
        import { App } from "./app";
        import { AddToCart } from "./AddToCart";
        createRoot(document.getElementById("app")).render(<StrictMode><App base="${base}"><AddToCart product={{ sku: "A", name: "Lamp", price: 89 }} /></App></StrictMode>);`,
    },
    told: "Product Added",
  }),
  Vue: (fill, base) => ({
    main: "main.ts",
    files: {
      ...vue,
      "analytics.ts": fill(snippets("React", "tsx")[0]),
      "Button.vue": fill(snippets("Vue", "vue")[0]),
      "main.ts": `
        import { createApp } from "vue";
        import "./analytics";
        import App from "./App.vue";
        import { router } from "./router";
        createApp(App).use(router("${base}")).mount("#app");`,
    },
    told: "Signed Up",
  }),
  Nuxt: (fill, base) => ({
    main: "main.ts",
    injected: ["nuxt.ts"],
    files: {
      ...vue,
      "plugin.ts": fill(snippets("Nuxt", "ts")[0]),
      "Button.vue": fill(snippets("Nuxt", "vue")[0]),
      "nuxt.ts": "const app = {}; export const defineNuxtPlugin = (setup) => setup; export const useNuxtApp = () => app;",
      "main.ts": `
        import { createApp } from "vue";
        import App from "./App.vue";
        import plugin from "./plugin";
        import { router } from "./router";
        for (const [name, value] of Object.entries(plugin().provide)) useNuxtApp()["$" + name] = value;
        createApp(App).use(router("${base}")).mount("#app");`,
    },
    told: "Signed Up",
  }),
  Next: (fill, base) => ({
    main: "main.tsx",
    files: {
      ...react,
      "layout.tsx": fill(snippets("Next.js", "tsx")[0]),
      "button.tsx": `export const Button = () => <button onClick={() => { ${fill(snippets("Next.js", "tsx")[1])} }}>Sign up</button>;`,
      "next/script.tsx": `
        import { useEffect } from "react";
        export default ({ src }) => { useEffect(() => { document.body.append(Object.assign(document.createElement("script"), { src, async: true })); }, []); return null; };`,
      "main.tsx": `
        import { createRoot } from "react-dom/client";
        import { App } from "./app";
        import { Button } from "./button";
        import Layout from "./layout";
        createRoot(document).render(<Layout><App base="${base}"><Button /></App></Layout>);`,
    },
    told: "Signed Up",
  }),
};

/** Ways in which the script sees routes; one is enough where the router does the same. */
const ways = { NavigationApi: undefined, PatchedHistory: () => Object.defineProperty(window, "navigation", { value: undefined }) };

for (const [name, application] of Object.entries(applications))
  for (const [way, script] of Object.entries(ways).slice(0, name === "React" ? 2 : 1))
    test(`${name}_SnippetsOfTheGuide_${way}_CountOnePageViewARoute`, async () => {
      const source = await world.source();
      const base = `/${name}-${way}`.toLowerCase();
      const { files, told, ...more } = application((text) => filled(text, world.site.origin, source.pipelineKey), base);
      world.site.files[`${base}.js`] = await bundle(files, more);
      world.site.pages[base] = `<!doctype html><html lang="en"><head><title>Loading</title><link rel="icon" href="data:,"></head><body><div id="app"></div><script type="module" src="${base}.js"></script></body></html>`;
      await world.welcome();
      const page = await world.visitor.newPage();
      if (script) await page.addInitScript(script);
      await page.goto(world.site.origin + base);
      await page.waitForFunction(() => document.title === "Home");
      await source.settled(1);
      await page.click("text=list");
      await page.click("button");
      await page.click("text=item");
      await page.waitForFunction(() => document.title === "Item 5");
      await page.goBack();
      await page.waitForFunction(() => document.title === "List");
      await source.delivered(5);
      await idle(page, source);
      const views = source.events().filter(({ type }) => type === "page");
      assert.deepEqual(views.map(({ properties }) => [new URL(properties.url).pathname.replace(/\/$/, ""), properties.title]), [[base, "Home"], [`${base}/list`, "List"], [`${base}/item/5`, "Item 5"], [`${base}/list`, "List"]]);
      const button = source.events().filter(({ type }) => type !== "page");
      assert.deepEqual(button.map(({ event, context }) => [event, context.page.pv_id]), [[told, views[1].context.page.pv_id]]);
    });
