using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Signal.Tests.Destinations;

public class EncodeCasesTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "cases", "encode");

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_Case_GivesWhatTheFileSays(string name)
    {
        var file = Path.Combine(Folder, $"{name}.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        ((string?)json["about"]).ShouldNotBeNullOrEmpty("a case says what it shows");

        var outcome = new EncodeCase(json).Outcome();

        // SIGNAL_REWRITE_CASES names a folder that receives the files with what came out, to be read before it is kept.
        if (Environment.GetEnvironmentVariable("SIGNAL_REWRITE_CASES") is { Length: > 0 } folder)
        {
            json["expect"] = outcome.DeepClone();
            File.WriteAllText(Path.Combine(folder, $"{name}.json"), json.ToJsonString(Readable) + "\n");
        }

        outcome.ToJsonString(Readable).ShouldBe(json["expect"]!.ToJsonString(Readable));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_EveryFieldOfARequest_SaysWhereItComesFrom(string name)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json")))!.AsObject();

        var sent = new EncodeCase(json).Sent().ToList();

        sent.Where(f => !f.Rules.ContainsKey(f.Name) && !f.Rules.ContainsKey($"{f.Name}={f.Value}")).Select(f => f.Name).Distinct().ShouldBeEmpty();
        if (sent.Count > 0) (sent[0].Rules["token_auth"], sent[0].Rules["cdt"]).ShouldBe(("config", "event: time"));
    }
}
