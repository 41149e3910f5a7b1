using System.Buffers;
using Signal.Events;
using Signal.Govern;
using Signal.Log;
using Signal.Record;

namespace Signal.Collect;

/// <summary>Puts every accepted event of a call into the log at once.</summary>
internal sealed class AppendStage(IEventLog log, CollectOptions options)
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    /// <summary>Completes when they are on disk. Marks what the log knew already.</summary>
    internal async ValueTask<Refusal?> AppendAsync(CollectCall call)
    {
        var entries = Entries(call);
        if (entries.Count == 0) return null;
        try
        {
            using var span = Meters.Activities.StartActivity("append");
            // Not given up when the browser hangs up: whether it was stored must not be left open.
            var appended = await log.AppendAsync(entries, CancellationToken.None);
            MarkDuplicates(call, appended);
            return null;
        }
        catch (LogUnavailableException)
        {
            return Refusal.NoStore(options.RetryAfter);
        }
    }

    private List<LogAppend> Entries(CollectCall call)
    {
        var entries = new List<LogAppend>(call.Outcomes.Length);
        for (var i = 0; i < call.Outcomes.Length; i++)
        {
            if (call.Outcomes[i].Decision is not Decision.Accepted(var e)) continue;
            entries.Add(new LogAppend(
                Partitioning.Of(e.SourceId, e.AnonymousId, log.Partitions),
                Partitioning.MessageKey(e.SourceId, e.MessageId),
                e.ReceivedAt,
                Stored(e, call.Events[i].Raw.Span)));
        }

        return entries;
    }

    // The log may keep the memory, so it gets an array of its own, of exactly the right size.
    private static byte[] Stored(Event e, ReadOnlySpan<byte> raw)
    {
        var scratch = _scratch ??= new ArrayBufferWriter<byte>(4096);
        scratch.ResetWrittenCount();
        EventCodec.Write(scratch, e, raw);
        return scratch.WrittenSpan.ToArray();
    }

    private static void MarkDuplicates(CollectCall call, bool[] appended)
    {
        var next = 0;
        for (var i = 0; i < call.Outcomes.Length; i++)
            if (call.Outcomes[i].Decision is Decision.Accepted && !appended[next++]) call.Outcomes[i] = call.Outcomes[i] with { Duplicate = true };
    }
}
