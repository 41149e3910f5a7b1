import { page, reader, tell } from "./consent";

type Signals = { [signal: string]: unknown };

const usual = {
  functional: "functionality_storage",
  analytics: "analytics_storage",
  marketing: "ad_storage,ad_user_data",
  personalization: "personalization_storage,ad_personalization",
};

/**
 * Google Consent Mode, as its commands stand in `dataLayer`. Where the visitor is we do not know: a default for some
 * regions only is not believed when it grants, and holds until the update when it denies. Defaults come in any order and
 * count when the page has told them all.
 */
export const part = reader((datafly, settings) => {
  const known: { [signal: string]: boolean } = {};
  const denied: typeof known = {};
  let isDecided = false;
  const tellAll = () => tell(datafly, settings, usual, (signal) => (denied[signal] ? false : known[signal]), isDecided);
  const read = (command: { [index: number]: unknown }) => {
    if (command?.[0] != "consent") return;
    const signals = command[2] as Signals;
    const isUpdate = command[1] == "update";
    for (const name in signals) {
      const isGranted = signals[name] == "granted";
      if (isUpdate) denied[name] = false;
      else if (signals.region) denied[name] ||= !isGranted;
      if (isUpdate || !signals.region) known[name] = isGranted;
    }
    isDecided ||= isUpdate;
    setTimeout(tellAll);
  };
  const layer = (page.dataLayer ||= []) as { [index: number]: unknown }[];
  layer.forEach(read);
  const { push } = layer;
  layer.push = function (...commands) {
    const length = push.apply(this, commands);
    commands.forEach(read);
    return length;
  };
});
