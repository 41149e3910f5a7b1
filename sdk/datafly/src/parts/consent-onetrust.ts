import { page, reader, tell, when } from "./consent";

const usual = { functional: "C0003", analytics: "C0002", marketing: "C0004", personalization: "C0003" };

/** OneTrust, by its cookie groups. */
export const part = reader((datafly, settings) => {
  const read = () => {
    const groups = `${page.OnetrustActiveGroups}`.split(",");
    tell(datafly, settings, usual, (group) => groups.includes(group), !!page.OneTrust?.IsAlertBoxClosed?.());
  };
  when(() => page.OnetrustActiveGroups, read);
  addEventListener("OneTrustGroupsUpdated", read);
});
