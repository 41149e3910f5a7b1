namespace Signal.Console.Parts;

/// <summary>One line of a chart, or one layer of its columns.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Color">A CSS colour.</param>
/// <param name="Values">One for each step.</param>
/// <param name="Help">What it means, on hover.</param>
public sealed record ChartLine(string Name, string Color, IReadOnlyList<long> Values, string? Help = null);
