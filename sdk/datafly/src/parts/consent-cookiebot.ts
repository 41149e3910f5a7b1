import { page, reader, tell } from "./consent";

const usual = { functional: "preferences", analytics: "statistics", marketing: "marketing", personalization: "preferences" };

/** Cookiebot. Before the visitor has answered, or Cookiebot has for them, it says "no" to everything and means nothing. */
export const part = reader((datafly, settings) => {
  const read = () => {
    const { hasResponse, consent } = page.Cookiebot || {};
    tell(datafly, settings, usual, (category) => (hasResponse ? consent?.[category] : undefined), !!hasResponse);
  };
  read();
  for (const event of ["ConsentReady", "Accept", "Decline"]) addEventListener("CookiebotOn" + event, read);
});
