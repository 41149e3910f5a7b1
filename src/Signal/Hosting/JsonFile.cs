using System.Text.Json;
using System.Text.Json.Nodes;
using Signal.Manage.Http;

namespace Signal.Hosting;

/// <summary>JSON that people write: comments and trailing commas are fine.</summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    private static readonly JsonReaderOptions Reading = new() { CommentHandling = Options.CommentHandling, AllowTrailingCommas = Options.AllowTrailingCommas };

    /// <summary>Reads a file.</summary>
    /// <exception cref="StartupException">It is not there or is not JSON; the message says where.</exception>
    internal static JsonElement Read(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (JsonTexts.FirstWrong(bytes, Reading) is { } at)
                throw new StartupException($"{path} can't be read: it holds a text that is not Unicode (half of a surrogate pair, or bytes that are not UTF-8), see byte {at + 1}.");
            // Written anew: an element keeps the text it was read from, comments too, and others would stumble over them.
            return JsonSerializer.SerializeToElement(JsonNode.Parse(bytes, documentOptions: Options));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new StartupException($"{path} can't be read: {e.Message}", e);
        }
    }
}
