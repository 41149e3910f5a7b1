import type { Part } from "../api";
import { page, tell } from "./consent";

const usual = {
  functional: "cookies",
  analytics: "cookies,measure_content_performance",
  marketing: "cookies,create_ads_profile,select_personalized_ads,measure_ad_performance",
  personalization: "cookies,create_content_profile,select_personalized_content",
};

/** Didomi, by its purposes' IDs. */
export const part: Part = (datafly, settings) =>
  (page.didomiOnReady ||= []).push((didomi: any) => {
    const read = () => {
      const { purposes } = didomi.getCurrentUserStatus();
      tell(datafly, settings, usual, (purpose) => purposes[purpose]?.enabled, !didomi.shouldUserStatusBeCollected());
    };
    read();
    didomi.on("consent.changed", read);
  });
