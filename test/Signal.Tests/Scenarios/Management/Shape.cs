using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Shouldly;

namespace Signal.Tests.Scenarios.Management;

/// <summary>Reads the management API's answers as its contract describes them.</summary>
internal static class Shape
{
    /// <summary>Insists on the fields, separated by spaces.</summary>
    internal static JsonElement Has(this JsonElement value, string fields)
    {
        foreach (var field in fields.Split(' ')) value.TryGetProperty(field, out _).ShouldBeTrue($"{field} is missing in {value}");
        return value;
    }

    internal static string Text(this JsonElement value, string field) => value.GetProperty(field).ToString();

    /// <summary>The rows of a list, which must be one of the contract's.</summary>
    internal static IReadOnlyList<JsonElement> Rows(this JsonElement page) => [.. page.Has("data next_cursor has_more").GetProperty("data").EnumerateArray()];

    /// <summary>Sends a request as the fixed administrator and answers it with its body.</summary>
    internal static async Task<(HttpResponseMessage Answer, JsonElement Json)> CallAsync(
        this RunningSignal signal, HttpMethod method, string path, object? body = null, string? ifMatch = null, string? key = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, $"/v1/admin/{path}");
        if (body is not null) request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await signal.Manage.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer, text.Length > 0 && answer.Content.Headers.ContentType?.MediaType == "application/json" ? JsonDocument.Parse(text).RootElement.Clone() : default);
    }

    /// <summary>The code of an answer that must be this refusal in the contract's envelope.</summary>
    internal static string Refusal(this (HttpResponseMessage Answer, JsonElement Json) call, HttpStatusCode status)
    {
        call.Answer.StatusCode.ShouldBe(status, call.Json.ToString());
        return call.Json.GetProperty("error").Has("code message").Text("code");
    }
}
