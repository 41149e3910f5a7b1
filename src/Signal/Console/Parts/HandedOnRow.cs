using Signal.Destinations;

namespace Signal.Console.Parts;

/// <summary>What became of a privacy request at a destination.</summary>
public sealed record HandedOnRow(string IntegrationId, HandOnStatus Status, int Visits, string? Remedy);
