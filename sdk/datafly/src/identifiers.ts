/** A UUID: `crypto.randomUUID` is missing on insecure origins, but every browser names its object URLs by a random one. */
export const uuid = () => URL.createObjectURL(new Blob()).slice(-36);

/** Six characters, for what only has to differ within one visit. */
export const shortId = () => uuid().slice(0, 6);
