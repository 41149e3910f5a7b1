import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const documentation = readFileSync(new URL("../../docs/datafly-js.md", import.meta.url), "utf8");

/** The code blocks of a language under a heading of docs/datafly-js.md. */
export const snippets = (heading, language) => {
  const section = documentation.split(new RegExp(`^#+ ${heading}$`, "m"))[1]?.split(/^#/m)[0] ?? "";
  const found = [...section.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , text]) => text);
  assert.ok(found.length, `there is ${language} under ${heading}`);
  return found;
};

/** A snippet with an address and a key put in, as a reader would. */
export const filled = (text, origin, pipelineKey) => text.replaceAll("https://data.example.com", origin).replaceAll("dk_live_YOUR_KEY", pipelineKey);
