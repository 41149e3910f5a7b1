namespace Signal.Bench;

/// <summary>What is sent.</summary>
/// <param name="Name">For people.</param>
/// <param name="Events">Events of one request.</param>
/// <param name="Connections">Requests in flight.</param>
internal sealed record Load(string Name, int Events, int Connections)
{
    internal static readonly IReadOnlyList<Load> All =
    [
        new("POST /v1/t, one event of 600 bytes, 64 connections", 1, 64),
        new("POST /v1/t, one event of 600 bytes, 256 connections", 1, 256),
        new("POST /v1/batch, 20 events of 600 bytes, 64 connections", 20, 64),
    ];
}
