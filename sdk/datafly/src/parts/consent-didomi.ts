import { page, reader, tell } from "./consent";

const usual = {
  functional: "cookies",
  analytics: "cookies,measure_content_performance",
  marketing: "cookies,create_ads_profile,select_personalized_ads,measure_ad_performance",
  personalization: "cookies,create_content_profile,select_personalized_content",
};

/** Didomi, by its purposes' IDs. */
export const part = reader((datafly, settings) =>
  (page.didomiOnReady ||= []).push((didomi: any) => {
    const read = () => {
      const { purposes } = didomi.getCurrentUserStatus();
      // While it asks, also anew, what it holds is out of date.
      const isDecided = !didomi.shouldUserStatusBeCollected();
      tell(datafly, settings, usual, (purpose) => (isDecided ? purposes[purpose]?.enabled : undefined), isDecided);
    };
    read();
    didomi.on("consent.changed", read);
  }));
