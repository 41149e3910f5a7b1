import type { Part } from "../api";
import { page, tell, when } from "./consent";

type Service = { name: string; purposes?: string[] };
type Manager = {
  confirmed: boolean;
  consents: { [service: string]: boolean };
  config: { services: Service[] };
  watch(watcher: { update(manager: Manager, name: string): void }): void;
};

const usual = { functional: "functional", analytics: "analytics,statistics", marketing: "marketing,advertising", personalization: "personalization" };

/** Klaro, by its services' names or purposes. */
export const part: Part = (datafly, settings) =>
  when<{ getManager(): Manager }>(
    () => page.klaro,
    (klaro) => {
      const manager = klaro.getManager();
      const read = () =>
        tell(
          datafly,
          settings,
          usual,
          (code) => {
            const meant = manager.config.services.filter(({ name, purposes }) => name == code || purposes?.includes(code));
            return meant[0] && meant.every(({ name }) => manager.consents[name]);
          },
          manager.confirmed,
        );
      read();
      // Other updates come while the visitor is still moving switches.
      manager.watch({ update: (_, name) => name == "saveConsents" && read() });
    },
  );
