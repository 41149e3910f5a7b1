import type { Settings } from "./api";

/** What parts may add at run time. */
interface Hooks {
  /** The address of the script, which the endpoint is relative to. */
  script?: string;
  /** Takes unwanted parameters out of an address. */
  filter?: (url: URL) => void;
  /** How far the gate may open, ½, while the consent tool has not answered on this page: what it had answered before does not count. */
  hold?: number | false;
  /** Client hints richer than the browser's own. */
  agent?: object;
}

/** The settings in force. One script is one collector, so they live in the module. */
export const settings: Settings & Hooks = { purposes: "analytics", global: "datafly" };

export const isFree = () => settings.consent != "opt_in";

/** Takes over settings, also from a tag's `data-` attributes, where everything is text. */
export const configure = (values: { [name: string]: unknown } | undefined) => {
  for (const name in values) {
    const value = values[name];
    (settings as { [name: string]: unknown })[name] = value == "false" ? false : value === "" || value;
  }
};
