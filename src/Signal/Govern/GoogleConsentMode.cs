using System.Text.Json;
using Signal.Events;

namespace Signal.Govern;

/// <summary>
/// Google Consent Mode: <c>{"analytics_storage":"granted",…}</c>, or the short form <c>G1xy</c> of Google's tags
/// (x ad storage, y analytics storage).
/// </summary>
internal static class GoogleConsentMode
{
    internal static bool Read(JsonElement gcm, ConsentTally said)
    {
        if (gcm.ValueKind == JsonValueKind.Object) ReadSignals(gcm, said);
        else if (gcm.ScalarText() is ['G', '1', var ads and ('0' or '1'), var analytics and ('0' or '1'), ..])
        {
            said.AddCategory("marketing", ads == '1');
            said.AddCategory(ConsentCategories.Analytics, analytics == '1');
        }
        else said.NotUnderstood("context.consent.gcm is neither an object of signals nor a text such as G111");

        return true;
    }

    private static void ReadSignals(JsonElement gcm, ConsentTally said)
    {
        foreach (var signal in gcm.EnumerateObject())
        {
            if (CategoryOf(signal.Name) is not { } category) continue;
            if (ConsentCodes.Granted(signal.Value) is { } granted) said.AddCategory(category, granted);
            else said.NotUnderstood($"context.consent.gcm.{signal.Name} is neither granted nor denied");
        }
    }

    private static string? CategoryOf(string signal) => signal switch
    {
        "analytics_storage" => ConsentCategories.Analytics,
        "ad_storage" or "ad_user_data" => "marketing",
        "ad_personalization" or "personalization_storage" => "personalization",
        "functionality_storage" => "functional",
        "security_storage" => ConsentCategories.Essential,
        _ => null,
    };
}
