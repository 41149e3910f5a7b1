namespace Signal.Record;

/// <summary>What a withdrawal of consent takes with it at once. Events that wait in the log are dropped by their lane, with a receipt in its settlement.</summary>
internal interface IWithdrawals
{
    /// <summary>The visitor now refuses these categories: the dead letters of every integration that needs one of them go, each time with a receipt.</summary>
    Task WithdrawnAsync(string sourceId, string anonymousId, IReadOnlyList<string> categories, CancellationToken stop);
}
