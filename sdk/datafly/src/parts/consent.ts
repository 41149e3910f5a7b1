import type { ConsentState, Datafly, List, Part, Settings } from "../api";

type Codes = { [category: string]: List };

/** What parts may set of the collector: nothing flows while the tool has not answered, whatever it had answered before. */
type Asking = Settings & { hold?: number | false };

const needsGrant = ({ consent }: Settings) => consent == "opt_in";

/** A part that reads a consent tool. Where a grant is needed, a remembered one waits for the tool to say that it still holds. */
export const reader =
  (read: Part): Part =>
  (datafly, settings: Asking, clean) => {
    settings.hold = needsGrant(settings) && 0.5;
    return read(datafly, settings, clean);
  };

/**
 * Tells what a consent tool's codes mean: a category is granted when none of its codes is refused. Codes that the
 * tool does not know say nothing, and while the visitor has not decided only what is granted anyway is told.
 */
export const tell = (datafly: Datafly, settings: Asking, usual: Codes, isGranted: (code: string) => boolean | undefined, isDecided: boolean) => {
  const codes = settings.codes || usual;
  const state: ConsentState = {};
  for (const category in codes) {
    const answers = `${codes[category]}`.split(/[\s,]+/).map(isGranted).filter((answer) => answer != null);
    const granted = !answers.includes(false);
    if (answers[0] != null && (granted || isDecided)) state[category] = granted;
  }
  const wasHeld = settings.hold;
  settings.hold = needsGrant(settings) && !isDecided && !`${settings.purposes}`.split(/[\s,]+/).some((purpose) => state[purpose]) && 0.5;
  datafly.consent(state);
  if (wasHeld && !settings.hold) datafly.flush();
};

/** Calls back when a tool that the page may load later is there, again when it was not ready and threw; looks ever more seldom. */
export const when = async <Tool>(find: () => Tool | undefined, use: (tool: Tool) => unknown, wait = 100) => {
  try {
    const tool = find();
    if (tool) return void (await use(tool));
  } catch {
    // Asked again.
  }
  setTimeout(() => when(find, use, Math.min(2e3, wait * 1.5)), wait);
};

/** The page's globals, where consent tools live. */
export const page = globalThis as unknown as { [name: string]: any };
