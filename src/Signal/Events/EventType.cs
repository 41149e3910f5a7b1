using System.Text.Json.Serialization;

namespace Signal.Events;

/// <summary>The kinds of event Signal collects; the words are Segment's.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventType>))]
public enum EventType
{
    /// <summary>A page was viewed.</summary>
    [JsonStringEnumMemberName("page")] Page,

    /// <summary>Something happened; <see cref="Event.Name"/> says what.</summary>
    [JsonStringEnumMemberName("track")] Track,

    /// <summary>The visitor is a known user from now on.</summary>
    [JsonStringEnumMemberName("identify")] Identify,

    /// <summary>The user belongs to a group.</summary>
    [JsonStringEnumMemberName("group")] Group,

    /// <summary>A screen of an app was viewed.</summary>
    [JsonStringEnumMemberName("screen")] Screen,

    /// <summary>Two identifiers name one person.</summary>
    [JsonStringEnumMemberName("alias")] Alias,
}
