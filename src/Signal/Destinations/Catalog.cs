namespace Signal.Destinations;

/// <summary>The destinations there are. The only place that names one.</summary>
public static class Catalog
{
    private static readonly IReadOnlyDictionary<string, IDestination> ByVendor =
        new IDestination[] { new Matomo.MatomoDestination() }.ToDictionary(d => d.Manifest.Vendor);

    /// <summary>Every destination.</summary>
    public static IEnumerable<IDestination> All => ByVendor.Values;

    /// <summary>The destination of a vendor, or null.</summary>
    public static IDestination? Find(string vendor) => ByVendor.GetValueOrDefault(vendor);
}
