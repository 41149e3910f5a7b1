namespace Signal.State;

/// <summary>The answers to creates, so that a caller who heard none may ask again; they outlive a restart.</summary>
public interface IIdempotencyStore
{
    /// <summary>
    /// Reserves a call until <paramref name="until"/>. Null: it was free and is the caller's now, to be finished or forgotten.
    /// Otherwise what is known of it. Of several at once one gets it.
    /// </summary>
    /// <param name="call">Who, what and under which key, as one text.</param>
    /// <param name="fingerprint">Of the body.</param>
    /// <param name="now">What has expired by now is free again.</param>
    /// <param name="until">When it is.</param>
    /// <param name="stop">Gives up waiting.</param>
    Task<IdempotentCall?> BeginAsync(string call, string fingerprint, DateTimeOffset now, DateTimeOffset until, CancellationToken stop);

    /// <summary>Keeps the answer, encrypted: it may show a secret that is shown once.</summary>
    Task FinishAsync(string call, string answer, CancellationToken stop);

    /// <summary>Frees a call that came to nothing.</summary>
    Task ForgetAsync(string call, CancellationToken stop);
}

/// <summary>A call that was made before.</summary>
/// <param name="Fingerprint">Of its body.</param>
/// <param name="Answer">What was answered; null while it runs, when it was cut short, or when the key that sealed it is gone.</param>
public sealed record IdempotentCall(string Fingerprint, string? Answer);
