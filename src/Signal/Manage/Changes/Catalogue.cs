using Signal.Destinations;

namespace Signal.Manage.Changes;

/// <summary>The destinations there are, replaceable in tests.</summary>
internal sealed record Catalogue(Func<IEnumerable<IDestination>> All)
{
    /// <summary>Those of the program.</summary>
    public static Catalogue OfProgram { get; } = new(() => Catalog.All);

    /// <summary>The destination of a vendor, or null.</summary>
    public IDestination? Find(string vendor) => All().FirstOrDefault(d => d.Manifest.Vendor == vendor);
}
