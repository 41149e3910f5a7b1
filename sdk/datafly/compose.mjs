import { readFileSync } from "node:fs";

/**
 * The script as a server puts it together, see README, "Composition". Signal does the same in C#; this is what the
 * tests hold both against.
 */
export const compose = (settings, dist = new URL("dist/", import.meta.url)) => {
  const read = (path) => readFileSync(new URL(path, dist), "utf8");
  const { core, features, readers, parts } = JSON.parse(read("manifest.json"));
  const isOn = ([name, feature]) => (name in settings ? ![false, null].includes(settings[name]) : feature.default);
  const names = Object.entries(features)
    .filter(isOn)
    .map(([, feature]) => feature.part);
  if (readers[settings.reader]) names.push(readers[settings.reader]);
  const texts = [...new Set(names)].map((name) => read(parts[name].file));
  return `${read(core)}(${JSON.stringify(settings)},[${texts}]);\n`;
};
