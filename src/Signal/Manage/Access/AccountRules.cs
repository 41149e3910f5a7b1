using System.Net.Mail;
using Signal.Destinations;

namespace Signal.Manage.Access;

/// <summary>What an e-mail address and a password must be.</summary>
internal static class AccountRules
{
    private const int MinPassword = 10;
    private const int MaxPassword = 256;

    /// <summary>Every error at once; a null password is not asked for.</summary>
    public static IReadOnlyList<FieldError> Check(string email, string? password)
    {
        var errors = new List<FieldError>();
        if (!MailAddress.TryCreate(email.Trim(), out var parsed) || parsed.Address != email.Trim() || email.Length > 254)
            errors.Add(new("email", "format", "email must be an e-mail address such as ada@example.com."));
        if (password is null) return errors;
        if (password.Length is < MinPassword or > MaxPassword)
            errors.Add(new("password", "length", $"password must have {MinPassword} to {MaxPassword} characters; a few words in a row make a good one."));
        else if (password.Distinct().Count() < 4 || password.Equals(email.Trim(), StringComparison.OrdinalIgnoreCase))
            errors.Add(new("password", "weak", "password is too easy to guess. Choose one with more different characters that is not your address."));
        return errors;
    }
}
