import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { compose } from "./compose.mjs";

/*
 * What each part adds to the script, as the table of docs/datafly-js.md has it. `node sizes.mjs --write` puts it there;
 * a test keeps it true.
 */

const page = new URL("../../docs/datafly-js.md", import.meta.url);
const bytes = (settings) => gzipSync(compose(settings), { level: 9 }).length;
const number = (value) => value.toLocaleString("en");

/** A source's script with no more than what a source always has. */
const bare = { pipelineKey: "dk_live_7c1f9e0b64d82a35c0e7b9d1864fa23e", endpoint: "../v1", downloads: false, outlinks: false, heartbeat: false };
const { downloads, outlinks, heartbeat, ...standard } = bare;
const parts = {
  "downloads, outlinks": { downloads: undefined, outlinks: undefined },
  heartbeat: { heartbeat: undefined },
  sitesearch: { sitesearch: true },
  content: { content: true },
  errors: { errors: true },
  notfound: { notfound: true },
  "deny, allow": { deny: "sid" },
  hints: { hints: "model" },
  "dnt, gpc": { dnt: "deny" },
};
const readers = ["tcf", "gcm", "onetrust", "cookiebot", "didomi", "osano", "klaro", "usercentrics", "cookie"];
const all = Object.assign({ ...standard, reader: "usercentrics" }, ...Object.values(parts).slice(2));

/** The table, in Markdown. */
export const sizes = () => {
  const more = (settings, base) => `+${number(bytes(JSON.parse(JSON.stringify({ ...base, ...settings }))) - bytes(base))}`;
  const rows = [
    ["core: calls, page views, queue, consent, identity", number(bytes(bare))],
    ...Object.entries(parts).map(([name, settings], index) => [`\`${name.replaceAll(", ", "`, `")}\`${index < 2 ? " (on by default)" : ""}`, more(settings, bare)]),
    ...readers.map((reader) => [`\`reader: "${reader}"\``, more({ reader }, bare)]),
    ["**a source's script as it is by default**", `**${number(bytes(standard))}**`],
    ["everything at once, with the largest reader", number(bytes(all))],
  ];
  return ["| what | bytes, gzip -9 |", "|---|---|", ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");
};

if (process.argv.includes("--write")) {
  const text = readFileSync(page, "utf8");
  writeFileSync(page, text.replace(/\| what \| bytes, gzip -9 \|[\s\S]*?\n(?!\|)/, () => `${sizes()}\n`));
}
