import { page, reader, tell, when } from "./consent";

type Purposes = { [purpose: string]: boolean };
type Answer = { eventStatus?: string; gdprApplies?: boolean; purpose?: { consents: Purposes } };
type Api = (command: string, version: 2, callback: (answer: Answer | null, isKnown: boolean) => void) => void;

/** IAB TCF v2, by its purposes: 1 store, 2–4 and 7 advertising, 5–6 personal content, 8 measuring content. */
const usual = { functional: "1", analytics: "1,8", marketing: "1,2,3,4,7", personalization: "1,5,6" };

export const part = reader((datafly, settings) =>
  when<Api>(
    () => page.__tcfapi,
    (api) =>
      api("addEventListener", 2, (answer, isKnown) => {
        if (!answer || !isKnown) return;
        const isFree = answer.gdprApplies === false;
        // While the tool loads or asks, what it holds is nothing or what has expired.
        const isDecided = isFree || /^(tcloaded|useractioncomplete)$/.test(`${answer.eventStatus}`);
        tell(datafly, settings, usual, (purpose) => (isDecided ? isFree || !!answer.purpose?.consents[purpose] : undefined), isDecided);
      }),
  ),
);
