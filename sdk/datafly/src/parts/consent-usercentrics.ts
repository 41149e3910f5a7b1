import { page, reader, tell, when } from "./consent";

type Details = { consent: { type?: string }; categories: { [slug: string]: { state: string } }; services: { [id: string]: { name: string; consent: { given: boolean } } } };
type Base = { name: string; categorySlug: string; consent: { status: boolean } };

const usual = { functional: "functional", analytics: "functional,statistics,analytics", marketing: "marketing", personalization: "functional" };

/** Usercentrics v3 (`__ucCmp`) and v2 (`UC_UI`), by its categories' slugs or services' names. */
export const part = reader((datafly, settings) => {
  const read = async () => {
    if (page.__ucCmp) {
      const { consent, categories, services }: Details = await page.__ucCmp.getConsentDetails();
      const given = (code: string) => Object.values(services).find(({ name }) => name == code)?.consent.given;
      tell(datafly, settings, usual, (code) => (categories[code] ? categories[code].state == "ALL_ACCEPTED" : given(code)), consent.type == "EXPLICIT");
    } else {
      const services: Base[] = page.UC_UI.getServicesBaseInfo();
      const known = (code: string) => {
        const meant = services.filter(({ name, categorySlug }) => name == code || categorySlug == code);
        return meant[0] && meant.every(({ consent }) => consent.status);
      };
      tell(datafly, settings, usual, known, !page.UC_UI.isConsentRequired());
    }
  };
  // A tool that is there but cannot answer yet says so by its event.
  const look = () => void read().catch(() => 0);
  when(() => page.__ucCmp || page.UC_UI?.isInitialized(), read);
  for (const event of ["UC_UI_INITIALIZED", "UC_UI_CMP_EVENT", "UC_CONSENT"]) addEventListener(event, look);
});
