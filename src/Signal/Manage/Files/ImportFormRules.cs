using Signal.Destinations;
using Signal.Manage.Changes;
using Signal.Manage.Http;

namespace Signal.Manage.Files;

/// <summary>The rules of a configuration file of which a section has no usable form: the other sections are checked all the same.</summary>
internal sealed class ImportFormRules(ConfigurationImport import) : IFurtherRules<ConfigurationFile>
{
    // What names something of a section that was left out would be told wrongly.
    private static readonly string[] NamesOthers = ["unknown", "exists"];

    public async ValueTask<IReadOnlyList<FieldError>> CheckAsync(ConfigurationFile rest, string? id, CancellationToken stop) =>
        await import.ApplyAsync(rest, prune: false, dryRun: true, Actor.System, stop) is Outcome<ImportView>.Invalid invalid ? [.. invalid.Errors.Where(e => !NamesOthers.Contains(e.Rule))] : [];
}
