import type { Part, Settings } from "../src/api";
import { part as cookie } from "../src/parts/consent-cookie";
import { part as cookiebot } from "../src/parts/consent-cookiebot";
import { part as didomi } from "../src/parts/consent-didomi";
import { part as gcm } from "../src/parts/consent-gcm";
import { part as klaro } from "../src/parts/consent-klaro";
import { part as onetrust } from "../src/parts/consent-onetrust";
import { part as osano } from "../src/parts/consent-osano";
import { part as tcf } from "../src/parts/consent-tcf";
import { part as usercentrics } from "../src/parts/consent-usercentrics";

export const globals = globalThis as unknown as { [name: string]: unknown };

/** A consent tool of the page: how it stands before an answer, and how the visitor answers. */
export interface Tool {
  part: Part;
  settings?: Settings;
  arrive(): void;
  answer(isGranted: boolean): void;
  leave(): void;
}

export const tools: { [name: string]: () => Tool } = {
  tcf: () => {
    let callback: (data: object, ok: boolean) => void = () => undefined;
    const consents = (given: boolean) => Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((purpose) => [purpose, given]));
    return {
      part: tcf,
      arrive: () => (globals.__tcfapi = (_: string, __: number, listener: typeof callback) => {
        callback = listener;
        callback({ eventStatus: "cmpuishown", gdprApplies: true, purpose: { consents: {} } }, true);
      }),
      answer: (given) => callback({ eventStatus: "useractioncomplete", gdprApplies: true, purpose: { consents: consents(given) } }, true),
      leave: () => delete globals.__tcfapi,
    };
  },
  gcm: () => ({
    part: gcm,
    arrive: () => (globals.dataLayer as unknown[]).push(["consent", "default", { analytics_storage: "denied", ad_storage: "denied" }]),
    answer: (given) => (globals.dataLayer as unknown[]).push(["consent", "update", { analytics_storage: given ? "granted" : "denied" }]),
    leave: () => delete globals.dataLayer,
  }),
  onetrust: () => {
    let isClosed = false;
    return {
      part: onetrust,
      arrive: () => Object.assign(globals, { OnetrustActiveGroups: ",C0001,", OneTrust: { IsAlertBoxClosed: () => isClosed } }),
      answer: (given) => {
        isClosed = true;
        globals.OnetrustActiveGroups = given ? ",C0001,C0002," : ",C0001,";
        window.dispatchEvent(new Event("OneTrustGroupsUpdated"));
      },
      leave: () => (delete globals.OneTrust, delete globals.OnetrustActiveGroups),
    };
  },
  cookiebot: () => ({
    part: cookiebot,
    arrive: () => (globals.Cookiebot = { hasResponse: false, consent: { statistics: false, marketing: false, preferences: false } }),
    answer: (given) => {
      globals.Cookiebot = { hasResponse: true, consent: { statistics: given, marketing: false, preferences: given } };
      window.dispatchEvent(new Event(given ? "CookiebotOnAccept" : "CookiebotOnDecline"));
    },
    leave: () => delete globals.Cookiebot,
  }),
  didomi: () => {
    let isOpen = true;
    let isGranted = false;
    let changed: () => void = () => undefined;
    const status = () => ({ purposes: { cookies: { enabled: isGranted }, measure_content_performance: { enabled: isGranted } } });
    return {
      part: didomi,
      arrive: () =>
        (globals.didomiOnReady as ((sdk: object) => void)[]).forEach((ready) =>
          ready({ getCurrentUserStatus: status, shouldUserStatusBeCollected: () => isOpen, on: (_: string, listener: () => void) => (changed = listener) }),
        ),
      answer: (given) => {
        isOpen = false;
        isGranted = given;
        changed();
      },
      leave: () => delete globals.didomiOnReady,
    };
  },
  osano: () => {
    const listeners: { [name: string]: (decision: object) => void } = {};
    return {
      part: osano,
      arrive: () => (globals.Osano = { cm: { getConsent: () => ({ ANALYTICS: "DENY", ESSENTIAL: "ACCEPT" }), addEventListener: (name: string, listener: () => void) => (listeners[name] = listener) } }),
      answer: (given) => listeners["osano-cm-consent-saved"]({ ANALYTICS: given ? "ACCEPT" : "DENY", ESSENTIAL: "ACCEPT" }),
      leave: () => delete globals.Osano,
    };
  },
  klaro: () => {
    let watcher: { update(manager: object, name: string): void };
    const manager = { confirmed: false, consents: { matomo: false }, config: { services: [{ name: "matomo", purposes: ["analytics"] }] }, watch: (given: typeof watcher) => (watcher = given) };
    return {
      part: klaro,
      arrive: () => (globals.klaro = { getManager: () => manager }),
      answer: (given) => {
        manager.consents.matomo = given;
        watcher.update(manager, "consents");
        manager.confirmed = true;
        watcher.update(manager, "saveConsents");
      },
      leave: () => delete globals.klaro,
    };
  },
  "usercentrics v3": () => {
    let details = { consent: { type: "IMPLICIT" }, categories: { functional: { state: "ALL_DENIED" } }, services: {} };
    return {
      part: usercentrics,
      arrive: () => (globals.__ucCmp = { getConsentDetails: () => Promise.resolve(details) }),
      answer: (given) => {
        details = { ...details, consent: { type: "EXPLICIT" }, categories: { functional: { state: given ? "ALL_ACCEPTED" : "ALL_DENIED" } } };
        window.dispatchEvent(new Event("UC_UI_CMP_EVENT"));
      },
      leave: () => delete globals.__ucCmp,
    };
  },
  "usercentrics v2": () => {
    let isOpen = true;
    let status = false;
    return {
      part: usercentrics,
      arrive: () => (globals.UC_UI = { isInitialized: () => true, isConsentRequired: () => isOpen, getServicesBaseInfo: () => [{ name: "Matomo", categorySlug: "functional", consent: { status } }] }),
      answer: (given) => {
        isOpen = false;
        status = given;
        window.dispatchEvent(new Event("UC_UI_CMP_EVENT"));
      },
      leave: () => delete globals.UC_UI,
    };
  },
  cookie: () => ({
    part: cookie,
    settings: { cookie: "choice" },
    arrive: () => undefined,
    answer: (given) => (document.cookie = `choice=${given ? "analytics,functional" : "functional"}; path=/`),
    leave: () => (document.cookie = "choice=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT"),
  }),
};
