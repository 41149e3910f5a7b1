/** The real program, when there is one. */
export const startSignal = async () => undefined;
