using System.Text.Json;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>Turns a body into events in one pass.</summary>
internal sealed class ParseStage(CollectOptions options)
{
    // Far beyond any real event: how deep one may be is the event's own rule, so that it refuses the event and not its batch.
    private const int ReaderDepth = 1_000_000;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    internal Refusal? Parse(CollectCall call)
    {
        ReadOnlyMemory<byte> body = call.Body.Bytes;
        if (body.Span.StartsWith(ByteOrderMark)) body = body[3..];
        if (body.IsEmpty && call.Route.Shape == CollectShape.Reset) return null;
        var json = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = ReaderDepth });
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject) return Refusal.Malformed(
                ErrorCodes.MalformedJson, "The body must be one JSON object.");
            var refusal = Document(ref json, body, call);
            // Nothing but white space may follow; anything else makes the reader throw.
            if (refusal is null) json.Read();
            return refusal;
        }
        catch (JsonException e)
        {
            return Refusal.Malformed(ErrorCodes.MalformedJson,
                $"The body is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine}): send one JSON object.");
        }
    }

    private Refusal? Document(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, CollectCall call)
    {
        if (call.Route.Shape == CollectShape.Batch) return Batch(ref json, body, call);
        if (call.Route.Shape == CollectShape.Reset)
        {
            Reset(ref json, call);
            return null;
        }

        var e = EventReader.Read(ref json, body);
        call.BodyKey = e.WriteKey;
        call.Events = [e];
        return null;
    }

    private static void Reset(ref Utf8JsonReader json, CollectCall call)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = JsonNames.FieldOf(ref json);
            json.Read();
            if (field == JsonField.Forget) call.Forget = json.TokenType == JsonTokenType.True;
            else if (field == JsonField.WriteKey && json.TokenType == JsonTokenType.String) call.BodyKey = json.GetString();
            else if (field == JsonField.AnonymousId && json.TokenType == JsonTokenType.String) call.NextVisitor = json.GetString();
            json.Skip();
        }
    }

    private Refusal? Batch(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, CollectCall call)
    {
        // Faults of the batch's own fields are noted here; they refuse the whole batch.
        var head = new IncomingEvent();
        var seen = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = JsonNames.FieldOf(ref json);
            json.Read();
            if (field == JsonField.WriteKey) call.BodyKey = EventReader.Text(ref json, "writeKey", head);
            else if (field == JsonField.SentAt) call.BatchSentAt = EventReader.Time(ref json, "sentAt", head);
            else if (field != JsonField.Batch) json.Skip();
            else if (json.TokenType != JsonTokenType.StartArray) head.Broken("batch", "must be a list of events: send {\"batch\":[…]}");
            else if (Items(ref json, body, call) is { } refusal) return refusal;
            else seen = true;
            if (head.Fault is { } fault) return Refusal.Malformed(fault.Code, fault.Message);
        }

        return seen ? null : Refusal.Malformed(ErrorCodes.InvalidField, "batch is missing: send {\"batch\":[…]}");
    }

    private Refusal? Items(ref Utf8JsonReader json, ReadOnlyMemory<byte> body, CollectCall call)
    {
        var events = new List<IncomingEvent>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (events.Count == options.MaxBatchEvents) return Refusal.TooLarge(
                ErrorCodes.BatchTooLarge, $"The batch has more than {options.MaxBatchEvents} events: send fewer at once.");
            events.Add(Item(ref json, body));
        }

        call.Events = events;
        return null;
    }

    private IncomingEvent Item(ref Utf8JsonReader json, ReadOnlyMemory<byte> body)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            var none = new IncomingEvent();
            none.Broken("the item", "must be an object: send one event");
            json.Skip();
            return none;
        }

        var e = EventReader.Read(ref json, body);
        if (e.Raw.Length > options.MaxEventBytes) e.Broken(new Decision.Rejected(
            ErrorCodes.EventTooLarge, $"the event has more than {options.MaxEventBytes} bytes: send less in properties and traits"));
        return e;
    }
}
