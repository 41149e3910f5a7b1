import type { Part } from "../api";
import { page, tell } from "./consent";

const usual = { functional: "preferences", analytics: "statistics", marketing: "marketing", personalization: "preferences" };

/** Cookiebot. Before the visitor has answered, or Cookiebot has for them, it says "no" to everything and means nothing. */
export const part: Part = (datafly, settings) => {
  const read = () => {
    const { hasResponse, consent } = page.Cookiebot || {};
    if (hasResponse) tell(datafly, settings, usual, (category) => consent?.[category], true);
  };
  read();
  for (const event of ["ConsentReady", "Accept", "Decline"]) addEventListener("CookiebotOn" + event, read);
};
