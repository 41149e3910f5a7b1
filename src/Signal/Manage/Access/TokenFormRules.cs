using Signal.Destinations;
using Signal.Manage.Http;

namespace Signal.Manage.Access;

/// <summary>The rules of a token for a body that is not usable as a whole.</summary>
internal sealed class TokenFormRules(TimeProvider time) : IFurtherRules<TokenInput>
{
    public ValueTask<IReadOnlyList<FieldError>> CheckAsync(TokenInput rest, string? id, CancellationToken stop) => new(Accounts.Wrong(rest, time.GetUtcNow()));
}
