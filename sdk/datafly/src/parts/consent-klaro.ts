import { page, reader, tell, when } from "./consent";

type Rule = { required?: boolean; optOut?: boolean };
type Service = Rule & { name: string; purposes?: string[] };
type Manager = {
  confirmed: boolean;
  consents: { [service: string]: boolean };
  config: Rule & { services: Service[] };
  watch(watcher: { update(manager: Manager, name: string): void }): void;
};

const usual = { functional: "functional", analytics: "analytics,statistics", marketing: "marketing,advertising", personalization: "personalization" };

/** Klaro, by its services' names or purposes, and by its own rule: what is on by default counts once the visitor has confirmed it. */
export const part = reader((datafly, settings) =>
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
            const { config, confirmed, consents } = manager;
            const meant = config.services.filter(({ name, purposes }) => name == code || purposes?.includes(code));
            const isOn = ({ name, optOut = config.optOut, required = config.required }: Service) => (consents[name] && (confirmed || optOut)) || required;
            return meant[0] && meant.every(isOn);
          },
          manager.confirmed,
        );
      read();
      // Other updates come while the visitor is still moving switches.
      manager.watch({ update: (_, name) => name == "saveConsents" && read() });
    },
  ),
);
