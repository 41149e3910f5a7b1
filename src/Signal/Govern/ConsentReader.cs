using System.Text.Json;
using Signal.Configure;
using Signal.Events;

namespace Signal.Govern;

/// <summary>
/// Reads consent in every shape of the contract: plain booleans, <c>categories</c>, <c>canonical</c>, Segment's <c>categoryPreferences</c>,
/// RudderStack's <c>consentManagement</c>, an IAB TCF v2 string in <c>tcf</c> and Google's signals in <c>gcm</c>.
/// Where several speak about one category a refusal wins. A refused code that nobody mapped could stand for anything,
/// so every category the data do not name is refused with it. What cannot be understood denies everything.
/// </summary>
internal static class ConsentReader
{
    private static readonly string[] Maps = ["categories", "canonical", "categoryPreferences"];

    /// <summary>What <c>context.consent</c> and <c>context.consentManagement</c> say together; null stands for absent.</summary>
    internal static ConsentStatement Read(JsonElement? consent, JsonElement? management, ConsentPolicy policy)
    {
        if (consent is null && management is null) return ConsentStatement.Silent;
        var said = new ConsentTally(policy.Categories);
        if (consent is { } own) ReadConsent(own, said);
        if (management is { } rudder) ReadManagement(rudder, "context.consentManagement", said);
        return said.Result();
    }

    private static void ReadConsent(JsonElement consent, ConsentTally said)
    {
        if (consent.ValueKind != JsonValueKind.Object)
        {
            said.NotUnderstood("context.consent is not an object");
            return;
        }

        var wrapped = false;
        foreach (var name in Maps)
            if (Find(consent, name) is { } map) wrapped |= ReadMap(map, $"context.consent.{name}", said, strict: true);
        if (Find(consent, "tcf") is { } tcf) wrapped |= TcfString.Read(tcf, said);
        if (Find(consent, "gcm") is { } gcm) wrapped |= GoogleConsentMode.Read(gcm, said);
        if (Find(consent, "consentManagement") is { } rudder) wrapped |= ReadManagement(rudder, "context.consent.consentManagement", said);
        if (!wrapped) ReadMap(consent, "context.consent", said, strict: false);
    }

    /// <summary>Reads code to granted. Not strict: other data may stand beside the codes, but at least one code must be there.</summary>
    private static bool ReadMap(JsonElement map, string where, ConsentTally said, bool strict)
    {
        if (map.ValueKind != JsonValueKind.Object)
        {
            said.NotUnderstood($"{where} is not an object");
            return true;
        }

        var (any, understood) = (false, false);
        foreach (var entry in map.EnumerateObject())
        {
            any = true;
            if (!strict && !said.Knows(entry.Name) && entry.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) continue;
            understood = true;
            if (ConsentCodes.Granted(entry.Value) is { } granted) said.Add(entry.Name, granted);
            else said.NotUnderstood($"{where}.{entry.Name} is neither granted nor refused");
        }

        if (any && !understood) said.NotUnderstood($"{where} names no category");
        return true;
    }

    private static bool ReadManagement(JsonElement management, string where, ConsentTally said)
    {
        if (management.ValueKind != JsonValueKind.Object)
        {
            said.NotUnderstood($"{where} is not an object");
            return true;
        }

        var allowed = ReadCodes(management, "allowedConsentIds", true, where, said);
        var denied = ReadCodes(management, "deniedConsentIds", false, where, said);
        if (!allowed && !denied) said.NotUnderstood($"{where} has neither allowedConsentIds nor deniedConsentIds");
        return true;
    }

    private static bool ReadCodes(JsonElement management, string name, bool granted, string where, ConsentTally said)
    {
        if (Find(management, name) is not { } codes) return false;
        if (codes.ValueKind != JsonValueKind.Array)
        {
            said.NotUnderstood($"{where}.{name} is not a list");
            return true;
        }

        foreach (var code in codes.EnumerateArray())
        {
            if (code.ScalarText() is { } text) said.Add(text, granted);
            else said.NotUnderstood($"{where}.{name} holds something that is not a code");
        }

        return true;
    }

    private static JsonElement? Find(JsonElement within, string name) =>
        within.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;
}
