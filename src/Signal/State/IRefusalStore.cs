namespace Signal.State;

/// <summary>
/// Notes of requests whose credentials a server may have refused. A server that refuses often blocks the sender, so the notes outlive
/// the process and are shared by every integration, and every process, that asks the same server.
/// </summary>
public interface IRefusalStore
{
    /// <summary>
    /// Writes a note, durably, unless <paramref name="limit"/> notes of its server are younger than <paramref name="since"/> already.
    /// Answers null when written, else the time of the note that must grow old first.
    /// </summary>
    Task<DateTimeOffset?> NoteAsync(Refusal note, DateTimeOffset since, int limit, CancellationToken stop);

    /// <summary>Removes notes: nothing was refused after all.</summary>
    Task ForgetAsync(IReadOnlyCollection<string> ids, CancellationToken stop);

    /// <summary>The time of the server's youngest note, or null when none is younger than <paramref name="since"/>.</summary>
    Task<DateTimeOffset?> LastAsync(string server, DateTimeOffset since, CancellationToken stop);
}

/// <summary>A request whose credentials may have been refused.</summary>
/// <param name="Id">Unique.</param>
/// <param name="Server">The server asked.</param>
/// <param name="At">When it was asked.</param>
public sealed record Refusal(string Id, string Server, DateTimeOffset At);
