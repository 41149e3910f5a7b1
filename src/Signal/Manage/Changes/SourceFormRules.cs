using Signal.Configure;
using Signal.Destinations;
using Signal.Manage.Http;

namespace Signal.Manage.Changes;

/// <summary>The rules of a source for a body that is not usable as a whole.</summary>
internal sealed class SourceFormRules(IConfigurationFeed feed) : IFurtherRules<SourceInput>
{
    private static readonly Source Blank = new() { Id = "", Name = "", Domain = "", PipelineKey = "", Secret = "", CreatedAt = default, UpdatedAt = default };

    public ValueTask<IReadOnlyList<FieldError>> CheckAsync(SourceInput rest, string? id, CancellationToken stop) =>
        new(SourceRules.Check(SourceChanges.Stated(rest, Blank), feed.Current.Sources.Values.Where(s => s.Id != id)));
}
