using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>Where a visitor is said to be.</summary>
internal sealed record Place(string? Country, string? Region, string? City, bool Storable)
{
    public static Place Of(Parameters sent) => new(
        Some(sent, "country", 3), Some(sent, "region", 3), Some(sent, "city", 255), Fits(sent, "lat") && Fits(sent, "long"));

    private static string? Some(Parameters sent, string name, int limit) =>
        PhpText.IsEmpty(sent.Text(name)) ? null : PhpText.CutCharacters(sent.Text(name), limit);

    private static bool Fits(Parameters sent, string name)
    {
        var text = sent.Text(name);
        return PhpText.IsEmpty(text) || (PhpNumber.IsNumeric(text) && Math.Abs(PhpNumber.ToDouble(text)) < 1000);
    }
}
