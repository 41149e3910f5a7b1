namespace Signal.Manage.Files;

/// <summary>What a reference such as <c>${MATOMO_TOKEN}</c> in a configuration file stands for; null when it is not set. The host looks into the environment.</summary>
internal sealed record SecretLookup(Func<string, string?> Find);
