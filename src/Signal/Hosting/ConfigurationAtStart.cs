using Signal.Destinations;
using Signal.Manage.Changes;
using Signal.Manage.Files;
using Signal.Manage.Http;

namespace Signal.Hosting;

/// <summary>
/// Applies the configuration file before anything collects or delivers: what it names is made what it says, at each start
/// (docs/adr). An error in it ends the start with nothing changed.
/// </summary>
internal sealed class ConfigurationAtStart(ConfigurationImport import, IFurtherRules<ConfigurationFile> rules, Settings settings, ILogger<ConfigurationAtStart> log) : IHostedService
{
    private const int Tries = 5;
    private static readonly Actor Actor = new("configuration file", Manage.Access.Roles.Admin);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var path = settings.ConfigurationFile!;
        var (file, errors) = await FormReader.ReadAsync(JsonFile.Read(path), rules, null, cancellationToken);
        if (file is null) throw Wrong(path, errors);
        var outcome = await import.ApplyAsync(file, settings.PruneConfiguration, dryRun: false, Actor, cancellationToken);
        // Another process that starts with the same file may save first; then there is less left to do.
        for (var i = 1; i < Tries && outcome is Outcome<ImportView>.Stale; i++)
            outcome = await import.ApplyAsync(file, settings.PruneConfiguration, dryRun: false, Actor, cancellationToken);
        switch (outcome)
        {
            case Outcome<ImportView>.Done done:
                Tell(path, done.Value);
                break;
            case Outcome<ImportView>.Invalid invalid:
                throw Wrong(path, invalid.Errors);
            default:
                throw new StartupException($"The configuration file {path} could not be applied: something else changes the configuration at the same time. Start again.");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Tell(string path, ImportView view)
    {
        if (view is { Created.Count: 0, Updated.Count: 0, Deleted.Count: 0 }) log.ConfigurationInForce(path);
        else log.ConfigurationApplied(path, Names(view.Created), Names(view.Updated), Names(view.Deleted));
    }

    private static string Names(IReadOnlyList<string> ids) => ids.Count == 0 ? "nothing" : string.Join(", ", ids);

    private static StartupException Wrong(string path, IReadOnlyList<FieldError> errors) =>
        new($"The configuration file {path} (SIGNAL_CONFIGURATION) can't be applied; nothing was changed:{string.Concat(errors.Select(e => $"{Environment.NewLine}  {e.Field}: {e.Message}"))}");
}
