import type { Part } from "../api";

/** Takes query parameters out of every address, by the source's lists. Campaign parameters stay unless denied. */
export const part: Part = (_, settings: Parameters<Part>[1] & { filter?: (url: URL) => void }) => {
  const deny = `${settings.deny}`.split(/[\s,]+/);
  const allow = settings.allow && `${settings.allow}`.split(/[\s,]+/);
  settings.filter = ({ searchParams }) => {
    for (const name of [...searchParams.keys()])
      if (deny.includes(name) || (allow && !allow.includes(name) && !/^(utm|mtm)_/.test(name))) searchParams.delete(name);
  };
};
