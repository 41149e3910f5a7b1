using System.Text.Json.Nodes;
using Shouldly;
using Signal.Destinations;
using Signal.Destinations.Matomo;
using Xunit;

namespace Signal.Tests.Destinations;

/// <summary>
/// One file of cases/classify: <c>about</c>, <c>form</c> (single, bulk, probe, single_probe), <c>hits</c> (<c>page, order, goal</c>, or <c>old order</c>), the <c>answer</c>
/// and the <c>verdict</c>.
/// </summary>
public class ClassifyCasesTests
{
    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "cases", "classify");

    [Theory]
    [MemberData(nameof(Names))]
    public void Classify_Case_GivesWhatTheFileSays(string name)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json")))!.AsObject();

        var verdict = Verdict(json);

        Describe(verdict).ToJsonString().ShouldBe(json["verdict"]!.ToJsonString(), (string?)json["about"]);
        foreach (var message in Messages(verdict)) message.Length.ShouldBeGreaterThan(40, "a message says what happened and what to do");
    }

    private static Verdict Verdict(JsonObject json)
    {
        var form = (string?)json["form"];
        var encoder = new MatomoDestination().Compile(EncodeCase.Integration());
        var answer = Answer(json["answer"]!.AsObject());
        if (form!.EndsWith("probe", StringComparison.Ordinal)) return encoder.ClassifyProbe(form == "probe" ? RequestForm.Bulk : RequestForm.Single, answer);
        var hits = json["hits"]!.AsArray().Select(h => HitOf((string)h!)).ToList();
        return encoder.Classify(hits, form == "bulk" ? RequestForm.Bulk : RequestForm.Single, answer);
    }

    private static Hit HitOf(string kind) => new()
    {
        Fields = kind == "goal" ? [new("idgoal", "4711")] : [new("action_name", "A")],
        VisitorKey = "a",
        Time = DateTimeOffset.UnixEpoch,
        OrderKey = kind.EndsWith("order", StringComparison.Ordinal) ? "A-1" : null,
        MayBeThere = kind == "order",
        MayBeRefused = kind != "page",
    };

    private static DestinationResponse Answer(JsonObject answer) => new(
        (string?)answer["failure"] is { } failure ? Enum.Parse<TransportFailure>(failure, ignoreCase: true) : null,
        (int?)answer["status"] ?? 0,
        (string?)answer["content_type"],
        answer["body"] is JsonObject body ? body.ToJsonString() : (string?)answer["body"] ?? "",
        (int?)answer["retry_after"] is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        null,
        (string?)answer["content_encoding"]);

    private static JsonObject Describe(Verdict verdict) => verdict switch
    {
        Verdict.Settled settled => Settled(settled),
        Verdict.Retry retry => Retry(retry),
        Verdict.AskInBulk ask => new JsonObject { ["is"] = "ask_in_bulk", ["reason"] = ask.Reason },
        Verdict.Divide { TooLarge: true } divide => new JsonObject { ["is"] = "divide", ["reason"] = divide.Reason, ["too_large"] = true },
        Verdict.Divide divide => new JsonObject { ["is"] = "divide", ["reason"] = divide.Reason },
        Verdict.Stop stop => new JsonObject { ["is"] = "stop", ["reason"] = stop.Reason },
        _ => throw new InvalidOperationException("A verdict this test does not know."),
    };

    private static JsonObject Settled(Verdict.Settled settled)
    {
        var described = new JsonObject
        {
            ["is"] = "settled",
            ["outcomes"] = new JsonArray(settled.Outcomes.Select(o => JsonValue.Create($"{(o.Recorded ? "recorded" : "refused")}{(o.Reason is null ? "" : $": {o.Reason}")}")).ToArray<JsonNode>()),
        };
        if (settled.ConfirmByProbe) described["confirm_by_probe"] = true;
        if (settled.Refused) described["ask_again"] = true;
        if (settled.Vague) described["vague"] = true;
        return described;
    }

    private static JsonObject Retry(Verdict.Retry retry)
    {
        var described = new JsonObject { ["is"] = "retry", ["reason"] = retry.Reason };
        if (retry.After is { } after) described["after"] = after.TotalSeconds;
        if (retry.Unknown) described["unknown"] = true;
        return described;
    }

    private static IEnumerable<string> Messages(Verdict verdict) => verdict switch
    {
        Verdict.Settled settled => settled.Outcomes.Select(o => o.Message).OfType<string>(),
        Verdict.Retry retry => [retry.Message],
        Verdict.Divide divide => [divide.Message],
        Verdict.Stop stop => [stop.Message],
        _ => [],
    };
}
