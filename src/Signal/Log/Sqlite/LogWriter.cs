using Signal.Record;

namespace Signal.Log.Sqlite;

/// <summary>
/// The one writer: takes what waits, writes all appends of a group in one transaction, tells them once it is on the disk,
/// then does a piece of upkeep. After a failure the file is opened anew, and while nothing arrives it is tried every second,
/// so that readiness returns by itself.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    // Callers told by one item of the pool: an item each would cost more than what most of them have left to do.
    private const int ToldAtOnce = 16;

    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    private readonly SqliteLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ReaderPool<LogReader> _readers;
    private readonly WriteQueue<LogWork> _queue;
    private readonly ITimer _probe;
    private readonly ITimer _watch;
    private readonly long _identity;
    private LogFile? _file;
    private volatile string? _unavailable;
    private bool _owesTruncate;

    public LogWriter(SqliteLogOptions options, TimeProvider time, ILogger logger, ReaderPool<LogReader> readers)
    {
        (_options, _time, _logger, _readers) = (options, time, logger, readers);
        _file = LogFile.Open(options, create: true, time.GetUtcNow());
        _identity = _file.Identity;
        Tails = [.. _file.Last.Select((given, p) => new PartitionTail(given, _file.Retention.NewestOffset(p)))];
        _probe = time.CreateTimer(_ => Probe(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _queue = new("log writer", options.MaxWaitingCalls, options.MaxGroup, work => work.Weight, Write);
        _watch = time.CreateTimer(_ => Watch(), null, WatchEvery, WatchEvery);
    }

    /// <summary>One for each partition.</summary>
    public IReadOnlyList<PartitionTail> Tails { get; }

    /// <summary>Why an append would fail now, or null.</summary>
    public string? Unavailable => _unavailable;

    /// <summary>False when too much waits.</summary>
    public bool TryAdd(LogWork work) => _queue.TryAdd(work);

    /// <summary>Runs a small step between appends.</summary>
    /// <exception cref="LogUnavailableException">It could not be done now.</exception>
    public Task<T> StepAsync<T>(bool transaction, Func<LogFile, T> step, CancellationToken stop)
    {
        var work = new LogStep<T>(transaction, step);
        if (!_queue.TryAdd(work)) throw new LogUnavailableException($"{_options.Path}: too much waits for the disk.");
        return work.Done.WaitAsync(stop);
    }

    /// <summary>Empties the write-ahead log of what was overwritten; while somebody outside reads it, with the first commit after.</summary>
    public Task ScrubAsync(CancellationToken stop) => StepAsync(
        false,
        file =>
        {
            _owesTruncate = true;
            Truncate(file);
            return true;
        },
        stop);

    public void Dispose()
    {
        _queue.Dispose();
        _watch.Dispose();
        _probe.Dispose();
        if (_file is null) return;
        _readers.WhileIdle(TimeSpan.FromSeconds(1), () => _file.Truncate());
        _file.Dispose();
        _file = null;
    }

    private TimeSpan WatchEvery => _options.MaxWait / 4;

    // Refuses whoever would have waited too long by the next look. One timer for all: most appends are done within a millisecond.
    private void Watch()
    {
        LogUnavailableException? hangs = null;
        _queue.Look(work =>
        {
            if (work is not PendingAppend { Abandoned: false } append || _time.GetElapsedTime(append.Since) <= _options.MaxWait - WatchEvery) return;
            hangs ??= new LogUnavailableException($"{_options.Path}: the disk has not answered for {_options.MaxWait.TotalSeconds:0} s.");
            append.Fail(hangs);
        });
        if (hangs is null) return;
        _unavailable = InWords(hangs.Message);
        _probe.Change(ProbeEvery, Timeout.InfiniteTimeSpan);
    }

    private void Write(IReadOnlyList<LogWork> group)
    {
        var appends = group.OfType<PendingAppend>().Where(a => !a.Abandoned).ToList();
        if (appends.Count > 0) Attempt(appends, file => Append(file, appends));
        foreach (var step in group.OfType<LogStep>()) Attempt([step], file => Run(file, step));
        Checkpoint();
    }

    private void Append(LogFile file, List<PendingAppend> appends)
    {
        file.Begin();
        file.Keys.Begin(_time.GetUtcNow());
        foreach (var append in appends) append.Write(file);
        file.Keys.End();
        file.Commit();
        Meters.AppendBatch.Record(appends.Sum(a => a.Weight));
        for (var p = 0; p < Tails.Count; p++) Tails[p].Advance(file.Last[p]);
        foreach (var told in appends.Chunk(ToldAtOnce)) ThreadPool.UnsafeQueueUserWorkItem(Complete, told, preferLocal: false);
    }

    private static void Complete(PendingAppend[] appends)
    {
        foreach (var append in appends) append.Complete();
    }

    private static void Run(LogFile file, LogStep step)
    {
        if (step.Transaction) file.Begin();
        step.Run(file);
        if (step.Transaction) file.Commit();
        step.Complete();
    }

    private void Attempt(IReadOnlyList<LogWork> work, Action<LogFile> write)
    {
        try
        {
            write(_file ??= Reopen());
            Recovered();
        }
        catch (Exception e)
        {
            // Closing rolls back; what the next group builds on is what the file itself says.
            _file?.Dispose();
            _file = null;
            var failure = SqliteFailure.IsEnvironment(e) ? Unusable(e) : e;
            foreach (var item in work) item.Fail(failure);
            _probe.Change(ProbeEvery, Timeout.InfiniteTimeSpan);
        }
    }

    private LogFile Reopen()
    {
        var file = LogFile.Open(_options, create: false, _time.GetUtcNow());
        if (file.Identity != _identity)
        {
            file.Dispose();
            throw new StorageException($"{_options.Path} was replaced by another log while Signal uses it. Bring the right one back, or restart Signal.");
        }

        _readers.Reopen();
        return file;
    }

    private LogUnavailableException Unusable(Exception e)
    {
        var reason = SqliteFailure.Describe(e, _options.Path);
        var words = InWords(reason);
        if (_unavailable != words) _logger.EventsRefused(e, reason);
        _unavailable = words;
        return new LogUnavailableException(reason, e);
    }

    private string InWords(string reason) => reason.Replace(_options.Path, "The event log", StringComparison.Ordinal);

    private void Recovered()
    {
        if (_unavailable is null) return;
        _unavailable = null;
        _logger.EventsStoredAgain();
    }

    // Writes enough to tell that an append would succeed, and takes it back.
    private void Probe()
    {
        if (_unavailable is null) return;
        _queue.TryAdd(new LogStep<bool>(false, file => file.Probe()));
    }

    private void Checkpoint()
    {
        if (_file is not { } file) return;
        // Readers have kept the write-ahead log from starting over for too long: hold them for a moment.
        if (file.Checkpoint(_options.CheckpointPages) >= _options.CheckpointPages * 4 || _owesTruncate) Truncate(file);
    }

    private void Truncate(LogFile file) => _readers.WhileIdle(TimeSpan.FromSeconds(1), () =>
    {
        if (file.Truncate()) _owesTruncate = false;
    });
}
