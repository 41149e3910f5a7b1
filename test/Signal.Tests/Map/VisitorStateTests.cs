using System.Text.Json;
using Shouldly;
using Signal.Map;
using Xunit;

namespace Signal.Tests.Map;

public class VisitorStateTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var state = VisitorState.Unknown
            .Identified("user-1", Json("""{"plan":"gold","address":{"city":"Köln"}}"""))
            .Grouped("acme", Json("""{"size":3}""")) with
        {
            Cart = new Cart([new Product("A", "a", ["c"], 9.90m, 2)], 123),
            Page = new PageView("abc123", "https://a.example", "A", 5),
        };

        VisitorState.Read(state.Write()).Write().ShouldBe(state.Write());
        VisitorState.Read(state.Write()).Cart!.Total.ShouldBe(19.80m);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    public void Read_TextItNeverWrote_IsNothingKnown(string? text) => VisitorState.Read(text).UserId.ShouldBeNull();

    [Fact]
    public void Identified_EndlessTraits_StayBounded()
    {
        var state = VisitorState.Unknown;
        for (var i = 0; i < 500; i++) state = state.Identified(null, Json($$"""{"t{{i}}":"{{new string('x', i)}}"}"""));

        state.Traits!.Count.ShouldBeLessThanOrEqualTo(64);
        state.Identified(null, Json($$"""{"t1":"{{new string('x', 5000)}}"}""")).Write().Length.ShouldBe(state.Write().Length);
    }

    [Fact]
    public void Identified_TraitsAgain_LatestCountAndNullForgets()
    {
        var state = VisitorState.Unknown.Identified("u", Json("""{"plan":"free","city":"Bonn"}""")).Identified(null, Json("""{"plan":"gold","city":null}"""));

        state.UserId.ShouldBe("u");
        state.Traits!.Keys.ShouldBe(["plan"]);
        state.Traits["plan"].GetString().ShouldBe("gold");
    }

    private static JsonElement Json(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
