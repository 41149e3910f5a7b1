namespace MatomoSandbox.Tracking;

/// <summary>Page timings of a hit.</summary>
internal static class Timings
{
    private const long Largest = 16777215;

    private static readonly (string Parameter, string Column)[] Known =
    [
        ("pf_net", "time_network"), ("pf_srv", "time_server"), ("pf_tfr", "time_transfer"),
        ("pf_dm1", "time_dom_processing"), ("pf_dm2", "time_dom_completion"), ("pf_onl", "time_on_load"),
    ];

    /// <summary>False when one is negative; −1 stands for none, one too large is left out.</summary>
    public static bool TryRead(Parameters sent, out Dictionary<string, long> timings)
    {
        timings = [];
        var valid = true;
        foreach (var (parameter, column) in Known)
        {
            var value = sent.Whole(parameter, -1);
            valid &= value >= -1;
            if (value is >= 0 and <= Largest)
                timings[column] = value;
        }
        return valid;
    }
}
