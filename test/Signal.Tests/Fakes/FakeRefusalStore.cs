using Signal.State;

namespace Signal.Tests.Fakes;

/// <summary>Notes of refused credentials in memory.</summary>
internal sealed class FakeRefusalStore : IRefusalStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Refusal> _notes = [];

    /// <summary>What is noted.</summary>
    public IReadOnlyList<Refusal> Notes
    {
        get
        {
            lock (_lock) return [.. _notes.Values.OrderBy(n => n.At)];
        }
    }

    public Task<DateTimeOffset?> NoteAsync(Refusal note, DateTimeOffset since, int limit, CancellationToken stop)
    {
        lock (_lock)
        {
            var counted = _notes.Values.Where(n => n.Server == note.Server && n.At > since).Select(n => n.At).OrderDescending().ToList();
            if (counted.Count >= limit) return Task.FromResult<DateTimeOffset?>(counted[limit - 1]);
            _notes.Add(note.Id, note);
            return Task.FromResult<DateTimeOffset?>(null);
        }
    }

    public Task ForgetAsync(IReadOnlyCollection<string> ids, CancellationToken stop)
    {
        lock (_lock) foreach (var id in ids) _notes.Remove(id);
        return Task.CompletedTask;
    }

    public Task<DateTimeOffset?> LastAsync(string server, DateTimeOffset since, CancellationToken stop)
    {
        lock (_lock) return Task.FromResult(_notes.Values.Where(n => n.Server == server && n.At > since).Max(n => (DateTimeOffset?)n.At));
    }
}
