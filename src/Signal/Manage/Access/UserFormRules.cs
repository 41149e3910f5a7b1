using Signal.Destinations;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>The rules of a user for a body that is not usable as a whole.</summary>
internal sealed class UserFormRules(ManageOptions options, IAccountStore store) : IFurtherRules<UserInput>, IFurtherRules<UserPatch>, IFurtherRules<SetupInput>
{
    public ValueTask<IReadOnlyList<FieldError>> CheckAsync(UserInput rest, string? id, CancellationToken stop) => new(Accounts.Wrong(rest, options));

    public async ValueTask<IReadOnlyList<FieldError>> CheckAsync(UserPatch rest, string? id, CancellationToken stop) =>
        id is not null && await store.UserAsync(id, stop) is { } user ? AccountRules.Check(rest.Email ?? user.Email, rest.Password) : [];

    public ValueTask<IReadOnlyList<FieldError>> CheckAsync(SetupInput rest, string? id, CancellationToken stop) => new(AccountRules.Check(rest.Email, rest.Password));
}
