using System.Collections.Frozen;
using System.Text;

namespace Signal.Map;

/// <summary>Event names as people write them: case, blanks, <c>_</c> and <c>-</c> do not count, and GA4's names mean Segment's.</summary>
internal static class EventNames
{
    private static readonly FrozenDictionary<string, string> Ga4 = new Dictionary<string, string>
    {
        ["viewitem"] = "productviewed",
        ["viewitemlist"] = "productlistviewed",
        ["addtocart"] = "productadded",
        ["removefromcart"] = "productremoved",
        ["viewcart"] = "cartviewed",
        ["purchase"] = "ordercompleted",
        ["refund"] = "orderrefunded",
        ["search"] = "productssearched",
        ["viewsearchresults"] = "productssearched",
        ["filedownload"] = "filedownloaded",
    }.ToFrozenDictionary();

    /// <summary>The name without case and separators.</summary>
    internal static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (c is not ('_' or '-') && !char.IsWhiteSpace(c)) plain.Append(char.ToLowerInvariant(c));
        }

        return plain.ToString();
    }

    /// <summary>The key by which names are compared: plain, aliases resolved.</summary>
    internal static string Key(string name)
    {
        var plain = Plain(name);
        return Ga4.GetValueOrDefault(plain, plain);
    }

    /// <summary>Whether this is one of GA4's names, whose <c>items</c> are what the event is about and never the whole cart.</summary>
    internal static bool IsGa4(string name) => Ga4.ContainsKey(Plain(name));
}
