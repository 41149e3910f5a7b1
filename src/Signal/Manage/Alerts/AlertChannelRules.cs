using MimeKit;
using Signal.Destinations;
using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Manage.Alerts;

/// <summary>What a channel must be, beyond what its input's type says.</summary>
internal static class AlertChannelRules
{
    /// <summary>Every error at once; <paramref name="current"/> keeps the secrets that are sent as <c>***</c>, null for a new channel.</summary>
    public static IReadOnlyList<FieldError> Check(AlertChannelInput input, AlertChannel? current)
    {
        var errors = new List<FieldError>();
        if (current is not null && input.Type != current.Type) errors.Add(new("type", "fixed", "type can't be changed. Make a new channel."));
        if (string.IsNullOrWhiteSpace(input.Name)) errors.Add(new("name", "required", "name must not be blank."));
        if ((current?.Type ?? input.Type) == AlertChannelType.Email) Email(input, errors);
        else Webhook(input, current, errors);
        return errors;
    }

    /// <summary>A plain address, without a name before it.</summary>
    public static bool IsAddress(string text) =>
        text.Length is > 3 and <= 254 && MailboxAddress.TryParse(text, out var address) && address.Address == text && text.IndexOf('@', StringComparison.Ordinal) > 0;

    private static void Email(AlertChannelInput input, List<FieldError> errors)
    {
        if (input.To.Count == 0) errors.Add(new("to", "required", "to must have at least one address."));
        foreach (var (i, address) in input.To.Index())
            if (!IsAddress(address)) errors.Add(new($"to[{i}]", "format", $"to[{i}] must be an e-mail address such as ops@example.com."));
        if (input.Url is not null) errors.Add(new("url", "unknown", "url does not belong to an e-mail channel. Remove it."));
        if (input.Secret is not null) errors.Add(new("secret", "unknown", "secret does not belong to an e-mail channel. Remove it."));
    }

    private static void Webhook(AlertChannelInput input, AlertChannel? current, List<FieldError> errors)
    {
        if (input.To.Count > 0) errors.Add(new("to", "unknown", "to does not belong to a webhook. Remove it."));
        if (input.Url is null) errors.Add(new("url", "required", "url is required for a webhook."));
        else if (input.Url == Mask.Text ? current?.Url is null : !IsUrl(input.Url)) errors.Add(new("url", "format", "url must be an address such as https://hooks.example.com/services/… with http or https and without a user name."));
        if (input.Secret == Mask.Text && current?.Secret is null) errors.Add(new("secret", "required", "secret is *** but there is no stored value to keep. Send the value itself."));
    }

    private static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.UserInfo.Length == 0;
}
