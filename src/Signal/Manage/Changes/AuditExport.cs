using System.Text;
using System.Text.Json;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Changes;

/// <summary>Writes the audit log as one file, newest first, for API and console alike.</summary>
internal static class AuditExport
{
    private const int Step = 500;

    /// <summary>Writes every entry that matches; the filter's own limit and place do not count.</summary>
    public static async Task WriteAsync(Stream output, AuditFilter filter, bool csv, IAuditLog log, CancellationToken stop)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        if (csv) await writer.WriteAsync("id,at,actor,action,resource_type,resource_id,ip,changes\r\n");
        string? before = null;
        while (await log.ListAsync(filter with { Before = before, Limit = Step }, stop) is { Count: > 0 } rows)
        {
            foreach (var row in rows) await writer.WriteAsync(csv ? Csv(row) : JsonSerializer.Serialize(row, ApiJson.Options) + "\n");
            before = rows[^1].Id;
        }
    }

    private static string Csv(AuditEntry e) => string.Join(',', new[]
    {
        e.Id, e.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"), e.Actor, e.Action, e.ResourceType, e.ResourceId, e.Ip ?? "", JsonSerializer.Serialize(e.Changes, ApiJson.Options),
    }.Select(Cell)) + "\r\n";

    // A spreadsheet takes a leading = + - @ for a formula.
    private static string Cell(string text) => $"\"{(text.Length > 0 && "=+-@\t\r".Contains(text[0]) ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
