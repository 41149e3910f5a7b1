// A small client on the generated types. It is compiled, never run: what does not fit the document does not compile.
import type { components, operations, paths } from "./generated/signal.js";

type Ok<T extends { responses: Record<number, { content: { "application/json": unknown } }> }, S extends keyof T["responses"]> =
  T["responses"][S] extends { content: { "application/json": infer B } } ? B : never;

const source: components["schemas"]["SourceInput"] = { name: "Web shop", domain: "shop.example.com", consent: { mode: "opt_in" }, rate_limit: 500 };
const integration: components["schemas"]["IntegrationInput"] = {
  source_id: "src_abc123",
  vendor: "matomo",
  name: "Matomo Production",
  config: { matomo_url: "https://analytics.example.com", site_id: "1", token_auth: "0123456789abcdef0123456789abcdef" },
};
// @ts-expect-error a source needs its domain
const incomplete: components["schemas"]["SourceInput"] = { name: "Web shop" };
// @ts-expect-error there is no such consent mode
const wrong: components["schemas"]["SourceInput"] = { name: "Web shop", domain: "shop.example.com", consent: { mode: "maybe" } };

const query: operations["listIntegrationEvents"]["parameters"]["query"] = { outcome: "dead_letter", limit: 100, cursor: "x", from: "2026-01-31T00:00:00Z" };
const headers: operations["updateIntegration"]["parameters"]["header"] = { "If-Match": "\"3\"" };
const creates: operations["createSource"]["parameters"]["header"] = { "Idempotency-Key": "k-1" };

export function next(page: Ok<operations["listSources"], 200>): string | null {
  return page.has_more ? page.next_cursor : null;
}

export function why(error: components["schemas"]["Error"]): string[] {
  return [error.error.code, error.error.message, ...(error.error.fields ?? []).map((f) => `${f.field} ${f.rule} ${f.message}`)];
}

export type Path = keyof paths;
export const used = [source, integration, incomplete, wrong, query, headers, creates];
