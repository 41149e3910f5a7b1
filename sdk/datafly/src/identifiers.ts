/** A UUID: `crypto.randomUUID` is missing on insecure origins, but every browser names its object URLs by a random one. */
export const uuid = () => URL.createObjectURL(new Blob()).slice(-36);
