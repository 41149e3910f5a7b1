namespace Signal.Bench;

/// <summary>Requests a second of both servers, measured one right after the other.</summary>
internal sealed record Round(double Signal, double Bare)
{
    internal const int Count = 5;

    internal double Ratio => Signal / Bare;

    internal static IReadOnlyList<Round> Run(Load load, string signal, string bare, string key, int seconds)
    {
        Wrk.Run(load, signal, key, seconds: 3);
        Wrk.Run(load, bare, key, seconds: 2);
        return [.. Enumerable.Range(0, Count).Select(_ => new Round(Wrk.Run(load, signal, key, seconds), Wrk.Run(load, bare, key, seconds)))];
    }

    internal static double MedianRatio(IReadOnlyList<Round> rounds) => rounds.Select(r => r.Ratio).Order().ElementAt(rounds.Count / 2);
}
