using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Signal.Manage.Http;

/// <summary>Reads a request body as JSON and says precisely what is wrong with it.</summary>
internal static class JsonBody
{
    private const int MaxBytes = 8 * 1024 * 1024;

    private static readonly JsonElement EmptyObject = JsonSerializer.SerializeToElement(new { });

    public static async Task<(JsonElement Json, IResult? Problem)> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return (EmptyObject, null);
        if (http.Request.ContentLength > MaxBytes) return TooLarge();
        if (!http.Request.HasJsonContentType())
            return (default, Answer.Problem(415, "UNSUPPORTED_MEDIA_TYPE", "The body must be JSON: send the header Content-Type: application/json."));

        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxBytes) return TooLarge();
        }

        return buffer.Length == 0 ? (EmptyObject, null) : Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
    }

    private static (JsonElement, IResult?) Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (JsonTexts.FirstWrong(bytes.Span, default) is { } at)
                return (default, Answer.Problem(400, "MALFORMED_JSON", $"The body holds a text that is not Unicode (half of a surrogate pair, or bytes that are not UTF-8): see byte {at + 1}."));
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return (document.RootElement.Clone(), null);
        }
        catch (JsonException e) when (e.LineNumber is { } line)
        {
            return (default, Answer.Problem(400, "MALFORMED_JSON", $"The body is not valid JSON: see line {line + 1}, position {e.BytePositionInLine + 1}."));
        }
        catch (JsonException)
        {
            return (default, Answer.Problem(400, "MALFORMED_JSON", "The body is not valid JSON: a field stands twice in the same object."));
        }
    }

    private static (JsonElement, IResult?) TooLarge() =>
        (default, Answer.Problem(413, "TOO_LARGE", $"The body is larger than {MaxBytes / 1024 / 1024} MiB."));
}
