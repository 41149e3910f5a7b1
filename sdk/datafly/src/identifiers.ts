/** A UUID v4. `crypto.randomUUID` is missing on insecure origins, `getRandomValues` never is. */
export const uuid = () =>
  "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx".replace(/x/g, () => (crypto.getRandomValues(new Uint8Array(1))[0] & 15).toString(16));

/** Six characters, for what only has to differ within one visit. */
export const shortId = () => uuid().slice(0, 6);
