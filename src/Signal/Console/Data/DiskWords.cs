using Microsoft.Extensions.Localization;
using Signal.Events;
using Signal.Manage.Changes;

namespace Signal.Console.Data;

/// <summary>The disk and where it is going, in words.</summary>
internal static class DiskWords
{
    /// <summary>Below this share of it the disk is called small.</summary>
    public const double Little = 0.1;

    /// <summary>Full in fewer days than these is worth a look.</summary>
    public const double SoonDays = 7;

    /// <summary>How it is.</summary>
    public static Tone ToneOf(DiskView disk) => disk.FreeBytes < Little * disk.TotalBytes || disk.FullInDays < SoonDays ? Tone.Warn : Tone.Ok;

    /// <summary>What is free and what Signal uses.</summary>
    public static string Space(DiskView disk, IStringLocalizer l) =>
        l["{0} free of {1}; Signal uses {2}.", Human.Bytes(disk.FreeBytes), Human.Bytes(disk.TotalBytes), Human.Bytes(disk.UsedBytes)];

    /// <summary>Where it is going.</summary>
    public static string Forecast(DiskView disk, IStringLocalizer l) => disk switch
    {
        { BytesPerDay: null } => l["How it grows is still being measured; that takes an hour."],
        { BytesPerDay: 0 } => l["Signal's data do not grow."],
        { FullInDays: { } days, BytesPerDay: { } growth } => l["Grows by {0} a day: full in {1}.", Human.Bytes(growth), Human.Span(TimeSpan.FromDays(days))],
        { BytesPerDay: { } growth } => l["Grows by {0} a day, until the log has reached its age or size; there is room for that.", Human.Bytes(growth)],
    };
}
