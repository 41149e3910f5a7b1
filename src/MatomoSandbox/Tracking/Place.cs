using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>Where a visitor is said to be.</summary>
internal sealed record Place(string? Country, string? Region, string? City, bool Storable)
{
    private const int CodeBytes = 3;
    private const int CityBytes = 255;

    public static Place Of(Parameters sent) => new(
        Some(sent, "country", CodeBytes),
        Some(sent, "region", CodeBytes),
        Some(sent, "city", CityBytes),
        IsWhole(sent, "country", CodeBytes) && IsWhole(sent, "region", CodeBytes) && IsWhole(sent, "city", CityBytes) && Fits(sent, "lat") && Fits(sent, "long"));

    private static string? Some(Parameters sent, string name, int limit) =>
        PhpText.IsEmpty(sent.Text(name)) ? null : PhpText.CutBytes(sent.Text(name), limit);

    private static bool IsWhole(Parameters sent, string name, int limit) => PhpText.IsCutWhole(sent.Text(name), limit);

    private static bool Fits(Parameters sent, string name)
    {
        var text = sent.Text(name);
        return PhpText.IsEmpty(text) || (PhpNumber.IsNumeric(text) && Math.Abs(PhpNumber.ToDouble(text)) < 1000);
    }
}
