using Shouldly;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>The sandbox answers and records each recorded request as the real Matomo did.</summary>
public sealed class RecordedAnswersTests(Replay replay) : IClassFixture<Replay>
{
    // Rows that the sandbox cannot match, with the reason. Keep it short; a row that matches must leave it.
    private static readonly Dictionary<string, string> Exceptions = [];

    public static TheoryData<string> Rows => [.. RecordedRow.All.Select(row => row.Title)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Track_RecordedRequest_AnswersAndRecordsTheSame(string row)
    {
        var differences = replay.DifferencesOf(row);
        if (Exceptions.TryGetValue(row, out var reason))
            differences.ShouldNotBeEmpty($"The row matches now; take it out of the exceptions ({reason}).");
        else
            differences.ShouldBeEmpty();
    }

    [Fact]
    public void Exceptions_AllRows_Exist() => Exceptions.Keys.ShouldBeSubsetOf(RecordedRow.All.Select(row => row.Title));
}
