using Signal.Destinations;

namespace Signal.Deliver;

/// <summary>
/// A chain of requests to a server that may refuse our credentials. Each is noted before it is sent, so that no crash makes us forget
/// one; the notes are forgotten when the server turns out to have nothing against the credentials. From the first note on to its
/// disposal it is the only one for its server.
/// </summary>
internal sealed class Doubt(RefusalBudget budget) : IDisposable
{
    private readonly List<string> _notes = [];
    private bool _inTurn;
    private int _kept;

    /// <summary>Waits until it is the only one for its server.</summary>
    public async Task TakeTurnAsync(CancellationToken stop)
    {
        if (_inTurn) return;
        await budget.Turn.WaitAsync(stop);
        _inTurn = true;
    }

    /// <summary>Takes its turn and notes the first request, when the refusal of the whole chain would not exceed the limit. Answers null, or when there is room again.</summary>
    /// <param name="limit">Refusals within the hour.</param>
    /// <param name="chain">How many requests there may be.</param>
    /// <param name="stop">Ends waiting for the turn.</param>
    public async Task<DateTimeOffset?> BeginAsync(int limit, int chain, CancellationToken stop)
    {
        await TakeTurnAsync(stop);
        return _notes.Count > 0 ? null : await NoteAsync(limit - chain + 1, stop);
    }

    /// <summary>Takes its turn and sees to it that so many requests are noted in all, whatever the limit.</summary>
    public async Task CoverAsync(int requests, CancellationToken stop)
    {
        await TakeTurnAsync(stop);
        while (_notes.Count < requests) await NoteAsync(int.MaxValue, stop);
    }

    /// <summary>So many of the requests were refused for their credentials, whatever becomes of the chain: their notes stay.</summary>
    public void Keep(int refused) => _kept = refused;

    /// <summary>The server has spoken; the next one may ask.</summary>
    public async Task EndAsync(Verdict verdict, CancellationToken stop)
    {
        if (verdict is not Verdict.Stop { Credentials: true }) await ForgetAsync(stop);
        _notes.Clear();
        _kept = 0;
        Dispose();
    }

    /// <summary>The server has nothing against the credentials: removes the notes, but for what is to be kept.</summary>
    public async Task ForgetAsync(CancellationToken stop)
    {
        if (_notes.Count > 0) await budget.ForgetAsync([.. _notes.Skip(_kept)], stop);
        _notes.Clear();
    }

    public void Dispose()
    {
        if (_inTurn) budget.Turn.Release();
        _inTurn = false;
    }

    private async Task<DateTimeOffset?> NoteAsync(int limit, CancellationToken stop)
    {
        var id = Guid.NewGuid().ToString("N");
        if (await budget.NoteAsync(id, limit, stop) is { } room) return room;
        _notes.Add(id);
        return null;
    }
}
