using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>Custom dimensions of a hit.</summary>
internal sealed class DimensionReader(SandboxOptions options)
{
    /// <summary>The dimensions after the hit: an empty value clears one, an unknown number is ignored.</summary>
    public IReadOnlyDictionary<int, string> After(IReadOnlyDictionary<int, string> before, Hit hit, DimensionScope scope)
    {
        var after = new Dictionary<int, string>(before);
        foreach (var dimension in options.Dimensions.Where(known => known.Site == hit.Site.Id && known.Scope == scope))
        {
            var name = $"dimension{dimension.Id}";
            var text = PhpText.CutCharacters(PhpText.Trim(hit.Parameters.Text(name)), 250);
            if (text.Length > 0)
                after[dimension.Id] = text;
            else if (hit.Parameters.SentEmpty(name))
                after.Remove(dimension.Id);
        }
        var changed = after.Count != before.Count || after.Any(pair => before.GetValueOrDefault(pair.Key) != pair.Value);
        return changed ? after : before;
    }
}
