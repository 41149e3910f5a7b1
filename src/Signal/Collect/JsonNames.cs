using System.Text;
using System.Text.Json;

namespace Signal.Collect;

/// <summary>A field the path reads.</summary>
internal enum JsonField
{
    Other,
    Type,
    Event,
    Name,
    MessageId,
    AnonymousId,
    UserId,
    GroupId,
    WriteKey,
    Timestamp,
    OriginalTimestamp,
    SentAt,
    Context,
    Properties,
    Traits,
    Ip,
    UserAgent,
    Consent,
    ConsentManagement,
    Batch,
    Forget,
}

/// <summary>The names of the fields, in Segment's spelling and in snake case.</summary>
internal static class JsonNames
{
    /// <summary>Which field the property name the reader stands on means.</summary>
    internal static JsonField FieldOf(ref Utf8JsonReader json) =>
        Of(json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan);

    // By length first: one comparison instead of twenty for names that are none of ours.
    private static JsonField Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("ip"u8) => JsonField.Ip,
        4 when name.SequenceEqual("type"u8) => JsonField.Type,
        4 when name.SequenceEqual("name"u8) => JsonField.Name,
        5 when name.SequenceEqual("event"u8) => JsonField.Event,
        5 when name.SequenceEqual("batch"u8) => JsonField.Batch,
        6 when name.SequenceEqual("userId"u8) => JsonField.UserId,
        6 when name.SequenceEqual("sentAt"u8) => JsonField.SentAt,
        6 when name.SequenceEqual("traits"u8) => JsonField.Traits,
        6 when name.SequenceEqual("forget"u8) => JsonField.Forget,
        7 when name.SequenceEqual("context"u8) => JsonField.Context,
        7 when name.SequenceEqual("groupId"u8) => JsonField.GroupId,
        7 when name.SequenceEqual("consent"u8) => JsonField.Consent,
        7 when name.SequenceEqual("user_id"u8) => JsonField.UserId,
        7 when name.SequenceEqual("sent_at"u8) => JsonField.SentAt,
        8 when name.SequenceEqual("writeKey"u8) => JsonField.WriteKey,
        8 when name.SequenceEqual("group_id"u8) => JsonField.GroupId,
        _ => LongNames(name),
    };

    private static JsonField LongNames(ReadOnlySpan<byte> name) => name.Length switch
    {
        9 when name.SequenceEqual("messageId"u8) => JsonField.MessageId,
        9 when name.SequenceEqual("timestamp"u8) => JsonField.Timestamp,
        9 when name.SequenceEqual("userAgent"u8) => JsonField.UserAgent,
        9 when name.SequenceEqual("write_key"u8) => JsonField.WriteKey,
        10 when name.SequenceEqual("properties"u8) => JsonField.Properties,
        10 when name.SequenceEqual("message_id"u8) => JsonField.MessageId,
        10 when name.SequenceEqual("user_agent"u8) => JsonField.UserAgent,
        11 when name.SequenceEqual("anonymousId"u8) => JsonField.AnonymousId,
        12 when name.SequenceEqual("anonymous_id"u8) => JsonField.AnonymousId,
        17 when name.SequenceEqual("originalTimestamp"u8) => JsonField.OriginalTimestamp,
        17 when name.SequenceEqual("consentManagement"u8) => JsonField.ConsentManagement,
        18 when name.SequenceEqual("original_timestamp"u8) => JsonField.OriginalTimestamp,
        18 when name.SequenceEqual("consent_management"u8) => JsonField.ConsentManagement,
        _ => JsonField.Other,
    };
}
