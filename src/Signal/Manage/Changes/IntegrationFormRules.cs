using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Manage.Http;

namespace Signal.Manage.Changes;

/// <summary>The rules of an integration for a body that is not usable as a whole.</summary>
internal sealed class IntegrationFormRules(IntegrationRules rules, IConfigurationFeed feed) : IFurtherRules<IntegrationInput>
{
    private static readonly Integration Blank = new()
    {
        Id = "",
        SourceId = "",
        Vendor = "",
        Name = "",
        Config = new Dictionary<string, JsonElement>(),
        Secrets = new Dictionary<string, string>(),
        CreatedAt = default,
        UpdatedAt = default,
    };

    public ValueTask<IReadOnlyList<FieldError>> CheckAsync(IntegrationInput rest, string? id, CancellationToken stop)
    {
        var current = id is null ? null : feed.Current.Integrations.GetValueOrDefault(id);
        var found = rules.Check(rest, Blank, current);
        return new(current is null ? found.Errors : IntegrationChanges.Kept(found, rest, current).Errors);
    }
}
