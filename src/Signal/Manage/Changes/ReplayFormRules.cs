using Signal.Destinations;
using Signal.Manage.Http;

namespace Signal.Manage.Changes;

/// <summary>The rules of a replay for a body that is not usable as a whole.</summary>
internal sealed class ReplayFormRules(TimeProvider time) : IFurtherRules<ReplayInput>
{
    public ValueTask<IReadOnlyList<FieldError>> CheckAsync(ReplayInput rest, string? id, CancellationToken stop) => new(ReplayDesk.Wrong(rest, rest.To ?? time.GetUtcNow()));
}
