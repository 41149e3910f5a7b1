import { readFileSync } from "node:fs";

/**
 * The script as a server puts it together, see README, "Composition". Signal does the same in C#; this is what the
 * tests hold both against.
 */
export const compose = (settings, dist = new URL("dist/", import.meta.url)) => {
  const read = (path) => readFileSync(new URL(path, dist), "utf8");
  const manifest = JSON.parse(read("manifest.json"));
  const names = [
    ...(settings.reader ? [manifest.readers[settings.reader]] : []),
    ...Object.entries(manifest.settings)
      .filter(([name, need]) => settings[name] ?? need.default)
      .map(([, need]) => need.part),
  ];
  const parts = [...new Set(names)].map((name) => read(manifest.parts[name]));
  const values = { "{core}": read(manifest.core), "{settings}": JSON.stringify(settings), "{parts}": parts.join(manifest.separator) };
  return manifest.compose.map((piece) => values[piece] ?? piece).join("");
};
