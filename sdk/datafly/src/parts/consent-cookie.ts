import { reader, tell } from "./consent";

const usual = { functional: "functional", analytics: "analytics", marketing: "marketing", personalization: "personalization" };

const isYes = (value: unknown) => /^(1|true|y(es)?|all|on|grant(ed)?|allow(ed)?|accept(ed)?)$/i.test(`${value}`);
const isNo = (value: unknown) => /^(0|false|no?|none|off|den(y|ied)|refuse[ds]?|reject(ed)?)?$/i.test(`${value}`);

/**
 * A cookie of the site's own: `yes` or `no` for everything, a list of what is granted (`analytics,marketing`), or JSON
 * (`{"analytics":true}`). What can't be understood grants nothing.
 */
export const part = reader((datafly, settings) => {
  const read = () => {
    const found = document.cookie.split("; ").find((cookie) => cookie.startsWith(settings.cookie + "="));
    // Not there, or no longer: not answered.
    if (!found) return tell(datafly, settings, usual, () => undefined, false);
    let value: unknown = found.slice(`${settings.cookie}=`.length);
    try {
      value = decodeURIComponent(value as string);
      value = JSON.parse(value as string);
    } catch {
      // A word or a list.
    }
    const words = `${value}`.split(/[^\w-]+/);
    const object = value && typeof value == "object" && !Array.isArray(value) ? (value as { [code: string]: unknown }) : undefined;
    tell(datafly, settings, usual, (code) => (object ? (code in object ? isYes(object[code]) : undefined) : isYes(value) || (!isNo(value) && words.includes(code))), true);
  };
  read();
  setInterval(read, 1e3);
});
