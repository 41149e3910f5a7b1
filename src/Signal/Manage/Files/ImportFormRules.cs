using Signal.Destinations;
using Signal.Manage.Changes;
using Signal.Manage.Http;

namespace Signal.Manage.Files;

/// <summary>The rules of a configuration file of which a part has no usable form: the rest is checked all the same.</summary>
internal sealed class ImportFormRules(ConfigurationImport import) : IFurtherRules<ConfigurationFile>
{
    private static readonly string[] NamesOthers = ["unknown", "exists"];

    public async ValueTask<IReadOnlyList<FieldError>> CheckAsync(ConfigurationFile rest, string? id, CancellationToken stop) =>
        await import.ApplyAsync(rest, prune: false, dryRun: true, Actor.System, stop) is Outcome<ImportView>.Invalid invalid ? [.. invalid.Errors.Where(e => !MayBeLeftOut(e, rest))] : [];

    // That something named is not there would be told wrongly when it may be what was taken out.
    private static bool MayBeLeftOut(FieldError error, ConfigurationFile rest)
    {
        if (!NamesOthers.Contains(error.Rule)) return false;
        var sources = IsWhole(rest.Sources, s => s.Id);
        if (error.Field.EndsWith(".source_id", StringComparison.Ordinal)) return !sources;
        if (error.Field.EndsWith(".scope", StringComparison.Ordinal)) return !(sources && IsWhole(rest.Integrations, i => i.Id));
        return error.Field.Contains(".channels[", StringComparison.Ordinal) && !IsWhole(rest.AlertChannels ?? [], c => c.Id);
    }

    private static bool IsWhole<T>(IReadOnlyList<T> section, Func<T, string?> id) => section.All(e => !string.IsNullOrEmpty(id(e)));
}
