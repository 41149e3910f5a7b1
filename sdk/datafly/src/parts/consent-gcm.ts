import type { Part } from "../api";
import { page, tell } from "./consent";

type Signals = { [signal: string]: unknown };

const usual = {
  functional: "functionality_storage",
  analytics: "analytics_storage",
  marketing: "ad_storage,ad_user_data",
  personalization: "personalization_storage,ad_personalization",
};

/** Google Consent Mode, as its commands stand in `dataLayer`. What is granted for some regions only is not believed. */
export const part: Part = (datafly, settings) => {
  const known: { [signal: string]: boolean } = {};
  const read = (command: { [index: number]: unknown }) => {
    if (command?.[0] != "consent") return;
    const signals = command[2] as Signals;
    for (const name in signals) if (!signals.region || signals[name] == "denied") known[name] = signals[name] == "granted";
    tell(datafly, settings, usual, (signal) => known[signal], command[1] == "update");
  };
  const layer = (page.dataLayer ||= []) as { [index: number]: unknown }[];
  layer.forEach(read);
  const { push } = layer;
  layer.push = function (...commands) {
    const length = push.apply(this, commands);
    commands.forEach(read);
    return length;
  };
};
