using System.Net;
using System.Text.Json;
using Shouldly;

namespace Signal.Tests.Manage;

/// <summary>Reads answers and says what stood in them when they are not the expected ones.</summary>
internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The code of an error answer.</summary>
    public static async Task<string> ErrorAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var error = (await answer.JsonAsync(expected)).GetProperty("error");
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
        return error.GetProperty("code").GetString()!;
    }

    /// <summary>The fields of a validation error as <c>field rule</c>.</summary>
    public static async Task<string[]> FieldsAsync(this HttpResponseMessage answer)
    {
        var error = (await answer.JsonAsync(HttpStatusCode.BadRequest)).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("VALIDATION_FAILED");
        return [.. error.GetProperty("fields").EnumerateArray().Select(f =>
        {
            f.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
            return $"{f.GetProperty("field")} {f.GetProperty("rule")}";
        })];
    }

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).ToString();
}
