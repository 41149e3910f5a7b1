using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Signal.Log.Sqlite;

namespace Signal.Hosting.CommandLine;

/// <summary>The verbs that do what the management API does, for scripts. Each works beside a running process and alone.</summary>
internal static class ApiVerbs
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal static IEnumerable<Command> All() => [CheckVerb.Command(), Doctor(), Map(), Replay(), Export(), Import(), Token(), Erase()];

    private static Command Doctor()
    {
        var integration = new Argument<string>("integration") { Description = "The integration's id, int_…" };
        var command = new Command("doctor", "Try an integration against the real Matomo and say what is wrong and what to do.") { integration };
        command.SetAction((parsed, stop) => WithApiAsync(
            async api =>
            {
                var report = await api.CallAsync(HttpMethod.Post, $"integrations/{Id(parsed.GetValue(integration)!)}/test", new { }, stop);
                foreach (var check in report.GetProperty("checks").EnumerateArray())
                {
                    System.Console.WriteLine($"{check.GetProperty("status").GetString()!.ToUpperInvariant(),-5} {check.GetProperty("id").GetString(),-16} {check.GetProperty("finding").GetString()}");
                    if (check.TryGetProperty("remedy", out var remedy) && remedy.ValueKind == JsonValueKind.String) System.Console.WriteLine($"      {"",-16} > {remedy.GetString()}");
                }

                return report.GetProperty("ok").GetBoolean() ? 0 : 1;
            },
            stop));
        return command;
    }

    private static Command Map()
    {
        var integration = new Option<string>("--integration") { Required = true, Description = "The integration's id, int_…" };
        var file = new Argument<FileInfo>("event.json") { Description = "A file with one event, as the SDK would send it." };
        var command = new Command("map", "Print the exact request an event would become, without sending.") { integration, file };
        command.SetAction((parsed, stop) => WithApiAsync(
            async api =>
            {
                var answer = await api.CallAsync(HttpMethod.Post, $"integrations/{Id(parsed.GetValue(integration)!)}/preview", new { @event = JsonFile.Read(parsed.GetValue(file)!.FullName) }, stop);
                Print(answer);
                return 0;
            },
            stop));
        return command;
    }

    private static Command Replay()
    {
        var integration = new Option<string>("--integration") { Required = true, Description = "The integration's id, int_…" };
        var from = new Option<string>("--from") { Required = true, Description = "Events received from this time on (ISO 8601)." };
        var to = new Option<string>("--to") { Required = true, Description = "Events received before this time (ISO 8601)." };
        var rate = new Option<double?>("--rate") { Description = "Events a second at most." };
        var dry = new Option<bool>("--dry-run") { Description = "Only count what would be sent." };
        var command = new Command("replay", "Send a time range of the log to an integration again.") { integration, from, to, rate, dry };
        command.SetAction((parsed, stop) => WithApiAsync(
            async api =>
            {
                var body = new { from = parsed.GetValue(from), to = parsed.GetValue(to), rate = parsed.GetValue(rate), dry_run = parsed.GetValue(dry) };
                Print(await api.CallAsync(HttpMethod.Post, $"integrations/{Id(parsed.GetValue(integration)!)}/replay", body, stop));
                return 0;
            },
            stop));
        return command;
    }

    private static Command Export()
    {
        var command = new Command("export", "Print the whole configuration as one JSON file; secrets are references.");
        command.SetAction((_, stop) => WithApiAsync(
            async api =>
            {
                Print(await api.CallAsync(HttpMethod.Get, "configuration", null, stop));
                return 0;
            },
            stop));
        return command;
    }

    private static Command Import()
    {
        var file = new Argument<FileInfo>("configuration.json") { Description = "A file as `signal export` prints it." };
        var dry = new Option<bool>("--dry-run") { Description = "Only validate and show what would change." };
        var prune = new Option<bool>("--prune") { Description = "Also remove what the file does not name." };
        var command = new Command("import", "Bring the configuration to what a file says.") { file, dry, prune };
        command.SetAction((parsed, stop) => WithApiAsync(
            async api =>
            {
                Print(await api.CallAsync(HttpMethod.Put, $"configuration?dry_run={Flag(parsed.GetValue(dry))}&prune={Flag(parsed.GetValue(prune))}", JsonFile.Read(parsed.GetValue(file)!.FullName), stop));
                return 0;
            },
            stop));
        return command;
    }

    private static Command Token()
    {
        var name = new Option<string>("--name") { Required = true, Description = "What it is for." };
        var role = new Option<string>("--role") { DefaultValueFactory = _ => "viewer", Description = "viewer, editor or admin." };
        var days = new Option<int?>("--days") { Description = "Valid for so many days; for ever when left out." };
        var create = new Command("create", "Make an API token and print it; it is shown this once.") { name, role, days };
        create.SetAction((parsed, stop) => WithApiAsync(
            async api =>
            {
                var expires = parsed.GetValue(days) is { } n ? TimeProvider.System.GetUtcNow().AddDays(n).ToString("O", CultureInfo.InvariantCulture) : null;
                var made = await api.CallAsync(HttpMethod.Post, "tokens", new { name = parsed.GetValue(name), role = parsed.GetValue(role), expires_at = expires }, stop);
                System.Console.WriteLine(made.GetProperty("token").GetString());
                return 0;
            },
            stop));
        var list = new Command("list", "List the API tokens.");
        list.SetAction((_, stop) => WithApiAsync(
            async api =>
            {
                Print((await api.CallAsync(HttpMethod.Get, "tokens", null, stop)).GetProperty("data"));
                return 0;
            },
            stop));
        var id = new Argument<string>("token") { Description = "The token's id, tok_…" };
        var revoke = new Command("revoke", "Revoke an API token.") { id };
        revoke.SetAction((parsed, stop) => WithApiAsync(
            async api =>
            {
                await api.CallAsync(HttpMethod.Delete, $"tokens/{Id(parsed.GetValue(id)!)}", null, stop);
                return 0;
            },
            stop));
        return new Command("token", "Make, list and revoke API tokens.") { create, list, revoke };
    }

    private static Command Erase()
    {
        var anonymous = new Option<string?>("--anonymous-id") { Description = "The visitor's anonymous id." };
        var user = new Option<string?>("--user-id") { Description = "The visitor's user id." };
        var command = new Command("erase", "Erase all that is held of a visitor; prints the receipt.") { anonymous, user };
        command.SetAction((parsed, stop) => WithApiAsync(
            async api =>
            {
                var body = new JsonObject();
                if (parsed.GetValue(anonymous) is { } a) body["anonymous_id"] = a;
                if (parsed.GetValue(user) is { } u) body["user_id"] = u;
                Print(await api.CallAsync(HttpMethod.Post, "visitors/erase", body, stop));
                return 0;
            },
            stop));
        return command;
    }

    private static async Task<int> WithApiAsync(Func<LocalApi, Task<int>> run, CancellationToken stop)
    {
        var reader = SettingsReader.FromProcess();
        var settings = Settings.Read(reader);
        if (reader.Errors.Count > 0) return RunVerb.Complain(reader.Errors);
        try
        {
            await using var api = await LocalApi.OpenAsync(settings, stop);
            return await run(api);
        }
        catch (VerbException e)
        {
            return RunVerb.Complain(e.Lines);
        }
        catch (Exception e) when (e is StartupException or StorageException)
        {
            return RunVerb.Complain([e.Message]);
        }
    }

    private static string Flag(bool value) => value ? "true" : "false";

    private static string Id(string id) => Uri.EscapeDataString(id);

    private static void Print(JsonElement value) => System.Console.WriteLine(JsonSerializer.Serialize(value, Indented));
}
