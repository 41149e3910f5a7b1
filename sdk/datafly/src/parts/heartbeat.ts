import type { Part } from "../api";

/** `Heartbeat` while the page has the visitor's attention; `engaged` is the page view's attention in seconds. */
export const part: Part = (datafly, { heartbeat = true }) => {
  if (!heartbeat) return;
  const every = (heartbeat as number) > 1 ? (heartbeat as number) : 15;
  let engaged = 0;
  let told = 0;
  const tell = (least: number) => {
    if (engaged - told >= least) datafly.track("Heartbeat", { engaged: (told = engaged) });
  };
  datafly.on("event", ({ type }) => {
    if (type == "page") engaged = told = 0;
  });
  setInterval(() => {
    if (document.hasFocus()) engaged++;
    tell(every);
  }, 1e3);
  for (const type of ["pagehide", "visibilitychange"]) addEventListener(type, () => tell(5));
};
