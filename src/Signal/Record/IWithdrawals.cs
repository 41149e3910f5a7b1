namespace Signal.Record;

/// <summary>What a withdrawal of consent takes with it, with a receipt in the audit log: how many, when, of which integration.</summary>
internal interface IWithdrawals
{
    /// <summary>The visitor now refuses these categories: the dead letters of every integration that needs one of them go.</summary>
    Task WithdrawnAsync(string sourceId, string anonymousId, IReadOnlyList<string> categories, CancellationToken stop);

    /// <summary>So many events of the visitor waited for this integration and were dropped.</summary>
    Task DroppedAsync(string integrationId, string anonymousId, int events, CancellationToken stop);
}
