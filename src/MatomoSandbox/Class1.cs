namespace MatomoSandbox;

internal sealed class Placeholder;
