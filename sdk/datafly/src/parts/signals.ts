import type { Part } from "../api";

/** Do Not Track and Global Privacy Control, where the source makes them a refusal in the browser already. */
export const part: Part = (_, settings) => {
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { doNotTrack?: string; globalPrivacyControl?: boolean };
  const isAll = (settings.dnt == "deny" && doNotTrack == "1") || (settings.gpc == "deny_all" && globalPrivacyControl);
  const isSome = globalPrivacyControl && settings.gpc != "ignore";
  const allowed = `${settings.purposes}`.split(/[\s,]+/).filter((purpose) => purpose == "essential" || !(isAll || (isSome && /^(marketing|personalization)$/.test(purpose))));
  settings.purposes = allowed;
  // With none left nothing is free.
  if (!allowed[0]) settings.consent = "opt_in";
};
