import type { Part } from "../api";

type Hints = { getHighEntropyValues(hints: string[]): Promise<object> };

/** High-entropy client hints, which a browser gives only when asked. */
export const part: Part = (_, settings: Parameters<Part>[1] & { agent?: object }) =>
  void (navigator as { userAgentData?: Hints }).userAgentData?.getHighEntropyValues(`${settings.hints}`.split(/[\s,]+/)).then(
    (values) => (settings.agent = values),
    () => 0,
  );
