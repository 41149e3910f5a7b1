using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Signal.Events;
using Signal.State;

namespace Signal.Record;

/// <summary>The audit log's proof of what a withdrawal of consent has taken: how many, when, of which integration. Kept without the id of a person who wants to be left alone.</summary>
internal static class WithdrawalReceipt
{
    /// <summary>So many of a kind (<c>events</c> that waited, <c>dead_letters</c>) were dropped.</summary>
    public static AuditEntry Of(string integrationId, string anonymousId, string kind, int count, DateTimeOffset now)
    {
        var subject = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(anonymousId)))}";
        var changes = new Dictionary<string, AuditChange>
        {
            ["subject"] = new(null, JsonSerializer.SerializeToElement(subject)),
            [$"dropped.{kind}"] = new(null, JsonSerializer.SerializeToElement(count)),
        };
        return new AuditEntry(Ids.New("log", now), now, "system", "consent.withdrawn", "integration", integrationId, changes, null);
    }
}
