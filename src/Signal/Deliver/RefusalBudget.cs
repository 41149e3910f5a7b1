using Signal.Destinations;
using Signal.State;

namespace Signal.Deliver;

/// <summary>
/// How many refused credentials an hour one server is shown, whichever integration they come from. Matomo blocks the sender's address
/// for an hour after some twenty: whoever corrects a token must find room left, and so must requests that were in flight when it went
/// bad. What was refused is remembered beyond the process, so that none that is restarted again and again gets its address blocked.
/// </summary>
internal sealed class RefusalBudget(string server, IRefusalStore store, TimeProvider time)
{
    /// <summary>The most refusals that probes of our own accord may bring it to.</summary>
    public const int Own = 8;

    /// <summary>The most that starting a process may bring it to.</summary>
    public const int Start = 12;

    /// <summary>The most that anything may bring it to: a changed configuration, or hits that are refused for a reason not known yet.</summary>
    public const int Most = 16;

    /// <summary>
    /// Requests with hits in flight at once, over all integrations with the server. So many may be refused by the time anybody knows that
    /// a token went bad, and there must be room left to find that out.
    /// </summary>
    public const int MostInFlight = 8;

    /// <summary>How long a refusal counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>From one probe of our own accord to the next.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromMinutes(10);

    /// <summary>Somebody's credentials were refused while a request was under way that may have been refused for the same reason.</summary>
    public static Verdict.Retry Suspected { get; } = new(
        "credentials_in_doubt",
        "The destination has refused credentials of another integration meanwhile, and this request without saying why. It is sent again when a probe has found our own credentials good.");

    /// <summary>Nothing more may be tried for so long.</summary>
    public static Verdict.Retry Exhausted(TimeSpan wait) => new(
        "credentials_in_doubt",
        "The destination has refused so many credentials within the hour (of this or of other integrations with it) that trying more could get this machine blocked, which would stop all of them. It goes on when the oldest refusal is an hour old, or when the integration is corrected. Nothing is lost.",
        wait);

    /// <summary>Whose refusals are counted.</summary>
    public string Server => server;

    /// <summary>Held while it is found out whether credentials are refused: who waits for it may find that it need not ask.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>A share of <see cref="MostInFlight"/>, to be taken before a turn and released when the request is settled.</summary>
    public SemaphoreSlim InFlight { get; } = new(MostInFlight);

    /// <summary>A chain of requests that may be refused.</summary>
    public Doubt Doubt() => new(this);

    /// <summary>When the server refused last, within the hour; null when it did not.</summary>
    public Task<DateTimeOffset?> LastAsync(CancellationToken stop) => store.LastAsync(server, time.GetUtcNow() - Window, stop);

    /// <summary>Writes a note down, unless there are so many of the last hour. Answers null when written, else when there is room again.</summary>
    public async Task<DateTimeOffset?> NoteAsync(string id, int limit, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        return await store.NoteAsync(new Refusal(id, server, now), now - Window, limit, stop) + Window;
    }

    /// <summary>Nothing was refused after all.</summary>
    public Task ForgetAsync(IReadOnlyCollection<string> ids, CancellationToken stop) => store.ForgetAsync(ids, stop);
}
