import { page, reader, tell, when } from "./consent";

type Decision = { [category: string]: "ACCEPT" | "DENY" };
type Osano = { getConsent(): Decision | undefined; addEventListener(name: string, listener: (decision: Decision) => void): void };

const usual = { functional: "PERSONALIZATION", analytics: "ANALYTICS", marketing: "MARKETING", personalization: "PERSONALIZATION" };

/** Osano. What it holds before the visitor has saved anything is its default for the region. */
export const part = reader((datafly, settings) =>
  when<Osano>(
    () => page.Osano?.cm,
    (osano) => {
      const read = (isSaved: boolean) => (decision?: Decision) => {
        const know = (category: string) => (decision?.[category] ? decision[category] == "ACCEPT" : undefined);
        tell(datafly, settings, usual, know, isSaved || /osano_consentmanager=/.test(document.cookie));
      };
      osano.addEventListener("osano-cm-initialized", read(false));
      osano.addEventListener("osano-cm-consent-saved", read(true));
      read(false)(osano.getConsent());
    },
  ),
);
