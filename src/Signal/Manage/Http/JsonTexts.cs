using System.Text.Json;
using System.Text.Unicode;

namespace Signal.Manage.Http;

/// <summary>What is no text can't be compared, stored or shown later: it is found where JSON comes in, not at the first place that reads it.</summary>
internal static class JsonTexts
{
    /// <summary>The offset of the first name or text that is not Unicode (half of a surrogate pair, bytes that are not UTF-8); null when all are.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static long? FirstWrong(ReadOnlySpan<byte> json, JsonReaderOptions options)
    {
        var reader = new Utf8JsonReader(json, options);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && !IsText(ref reader)) return reader.TokenStartIndex;
        return null;
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return Utf8.IsValid(reader.ValueSpan);
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say that an escape is half of a pair.
            return false;
        }
    }
}
