using Signal.Destinations;
using Signal.Manage.Http;

namespace Signal.Manage.Access;

/// <summary>The rules of a user for a body that is not usable as a whole.</summary>
internal sealed class UserFormRules : IFurtherRules<UserInput>
{
    public IReadOnlyList<FieldError> Check(UserInput rest, string? id) => AccountRules.Check(rest.Email, rest.Password);
}
