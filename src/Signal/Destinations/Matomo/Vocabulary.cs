using System.Collections.Frozen;
using System.Globalization;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>
/// Matomo's tracking parameters in the order in which Signal sends them: first the order of the product's own example, then the rest.
/// Limits are what a real Matomo stores or survives: a text beyond 4096 characters after HTML escaping (up to six for one) is a
/// database error that sinks a whole bulk, so action texts end at 500. Page view id, region and city are cut by Matomo at a number
/// of bytes; a character split there is a database error too.
/// </summary>
internal static class Vocabulary
{
    /// <summary>Characters of names of actions, products and contents.</summary>
    internal const int NameLength = 500;

    private const decimal Milliseconds = 16_777_215;
    private const string BySettings = "It is set from the integration's settings.";
    private const string ByIdentity = "It is derived from the visitor's anonymous id, which keeps visitors apart and their events in order.";

    /// <summary>Every field, in the order in which it is sent.</summary>
    internal static IReadOnlyList<Field> Fields { get; } =
    [
        new("idsite", FieldKind.Shaped, "The site.", Type: "integer", Reserved: BySettings),
        new("rec", FieldKind.Shaped, "1: record this.", Type: "integer", Reserved: "Without it nothing would be recorded."),
        new("token_auth", FieldKind.Shaped, "The token.", Reserved: BySettings),
        new("cip", FieldKind.Shaped, "The visitor's IP address: one IPv4 or IPv6 address without a port."),
        new("ua", FieldKind.Text, "The visitor's user agent.", 1000),
        new("_id", FieldKind.Shaped, "The visitor id of the first-party cookie.", Reserved: ByIdentity),
        new("uid", FieldKind.Text, "The user id.", 200),
        new("url", FieldKind.Url, "The page's address.", 1024, Type: "url"),
        new("idgoal", FieldKind.Shaped, "A goal to convert, by its number: sent as a conversion of its own beside the action. 0 makes it a cart update, or an order with ec_id.", 2_147_483_647, Type: "integer"),
        new("ec_id", FieldKind.Text, "The order's id. Orders with the same id are counted once; case, accents and blanks at the end do not make a difference.", 100),
        new("revenue", FieldKind.Money, "The order's total, the cart's total, or the goal's revenue, in the site's currency.", Type: "money"),
        new("ec_tx", FieldKind.Money, "The order's tax.", Type: "money"),
        new("ec_sh", FieldKind.Money, "The order's shipping cost.", Type: "money"),
        new("ec_dt", FieldKind.Money, "The order's discount.", Type: "money"),
        new("ec_st", FieldKind.Money, "The order's total without tax and shipping.", Type: "money"),
        new("ec_items", FieldKind.Shaped, "The order's or cart's products: a list of [sku, name, category, price, quantity].", Type: "json"),
        new("_pks", FieldKind.Text, "The SKU of the product that is viewed.", NameLength),
        new("_pkn", FieldKind.Text, "The name of the product that is viewed.", NameLength),
        new("_pkc", FieldKind.Shaped, "The category that is viewed, or the categories of the product: a text or a list of up to five.", NameLength),
        new("_pkp", FieldKind.Money, "The price of the product that is viewed.", Type: "money"),
        new("_pkq", FieldKind.Integer, "Pieces of a product; Matomo takes no notice of it.", 65_535, 0, "integer"),
        new("action_name", FieldKind.Bytes, "The page's title.", 1024),
        new("urlref", FieldKind.Url, "The address of the page before.", 1024, Type: "url"),
        new("e_c", FieldKind.Text, "The event's category.", NameLength),
        new("e_a", FieldKind.Text, "The event's action.", NameLength),
        new("e_n", FieldKind.Text, "The event's name.", NameLength),
        new("e_v", FieldKind.Number, "The event's value, a number.", 1_000_000_000_000, -1_000_000_000_000, "number"),
        new("search", FieldKind.Text, "What was searched for on the site.", NameLength),
        new("search_cat", FieldKind.Text, "The category that was searched.", 200),
        new("search_count", FieldKind.Integer, "How many results the search had.", 4_294_967_295, 0, "integer"),
        new("download", FieldKind.Url, "The address of a file that was downloaded.", 1024, Type: "url"),
        new("link", FieldKind.Url, "The address of another site that was followed.", 1024, Type: "url"),
        new("c_n", FieldKind.Text, "The content's name.", NameLength),
        new("c_p", FieldKind.Text, "The content's piece, such as the address of a banner.", NameLength),
        new("c_t", FieldKind.Text, "The content's target, an address.", NameLength),
        new("c_i", FieldKind.Text, "What was done with the content, such as click.", NameLength),
        new("ping", FieldKind.Flag, "1: only prolongs the visit.", Type: "boolean"),
        new("pv_id", FieldKind.Bytes, "The page view's id.", 6),
        new("pf_net", FieldKind.Integer, "Network time of the page view in milliseconds.", Milliseconds, 0, "integer"),
        new("pf_srv", FieldKind.Integer, "Server time of the page view in milliseconds.", Milliseconds, 0, "integer"),
        new("pf_tfr", FieldKind.Integer, "Transfer time of the page view in milliseconds.", Milliseconds, 0, "integer"),
        new("pf_dm1", FieldKind.Integer, "DOM processing time of the page view in milliseconds.", Milliseconds, 0, "integer"),
        new("pf_dm2", FieldKind.Integer, "DOM completion time of the page view in milliseconds.", Milliseconds, 0, "integer"),
        new("pf_onl", FieldKind.Integer, "On-load time of the page view in milliseconds.", Milliseconds, 0, "integer"),
        new("dimensionN", FieldKind.Text, "A custom dimension; N is its ID in Matomo (1 to 999).", 250),
        new("_cvar", FieldKind.Shaped, "Custom variables of the visit (plugin Custom Variables): {\"1\":[\"name\",\"value\"]}.", 200, Type: "json"),
        new("cvar", FieldKind.Shaped, "Custom variables of the page (plugin Custom Variables): {\"1\":[\"name\",\"value\"]}.", 200, Type: "json"),
        new("mtm_campaign", FieldKind.Text, "The campaign.", 255),
        new("mtm_kwd", FieldKind.Text, "The campaign's keyword.", 255),
        new("mtm_source", FieldKind.Text, "The campaign's source (plugin Marketing Campaigns Reporting).", 255),
        new("mtm_medium", FieldKind.Text, "The campaign's medium (same plugin).", 255),
        new("mtm_content", FieldKind.Text, "The campaign's content (same plugin).", 255),
        new("mtm_cid", FieldKind.Text, "The campaign's id (same plugin).", 255),
        new("mtm_group", FieldKind.Text, "The campaign's group (same plugin).", 255),
        new("mtm_placement", FieldKind.Text, "The campaign's placement (same plugin).", 255),
        new("_rcn", FieldKind.Text, "The campaign conversions are attributed to.", 255),
        new("_rck", FieldKind.Text, "The keyword conversions are attributed to.", 255),
        new("_ref", FieldKind.Url, "The referrer conversions are attributed to.", 1024, Type: "url"),
        new("_refts", FieldKind.Integer, "When that referrer was, epoch seconds.", 4_294_967_295, 0, "integer"),
        new("new_visit", FieldKind.Flag, "1: begins a new visit.", Type: "boolean"),
        new("country", FieldKind.Shaped, "The country, two letters, in place of what the IP address tells."),
        new("region", FieldKind.Bytes, "The region's code, in place of what the IP address tells.", 3),
        new("city", FieldKind.Bytes, "The city, in place of what the IP address tells.", 255),
        new("lat", FieldKind.Number, "The latitude.", 90, -90, "number"),
        new("long", FieldKind.Number, "The longitude.", 180, -180, "number"),
        new("bots", FieldKind.Flag, "1: records the visit although its agent is a robot's.", Type: "boolean"),
        new("bw_bytes", FieldKind.Integer, "Bytes of the page or download (plugin Bandwidth).", 9_007_199_254_740_991, 0, "integer"),
        new("lang", FieldKind.Text, "The languages of the browser, as in Accept-Language.", 255),
        new("res", FieldKind.Shaped, "The screen, such as 1440x900."),
        new("h", FieldKind.Integer, "The hour of the visitor's local time.", 23, 0, "integer"),
        new("m", FieldKind.Integer, "The minute of the visitor's local time.", 59, 0, "integer"),
        new("s", FieldKind.Integer, "The second of the visitor's local time.", 59, 0, "integer"),
        new("cookie", FieldKind.Flag, "1: the browser takes cookies.", Type: "boolean"),
        new("uadata", FieldKind.Shaped, "The browser's client hints, a JSON object.", Type: "json"),
        new("cid", FieldKind.Shaped, "The visitor id that keeps people behind one address apart.", Reserved: ByIdentity),
        new("apiv", FieldKind.Shaped, "The version of the API.", Type: "integer", Reserved: "It is always 1."),
        new("cdt", FieldKind.Shaped, "When it happened.", Type: "integer", Reserved: "It is the event's own time. Send timestamp with the event."),
    ];

    private static readonly FrozenDictionary<string, (Field Field, int Order)> ByName =
        Fields.Select((field, order) => (field, order)).ToFrozenDictionary(f => f.field.Name, f => (f.field, f.order));

    /// <summary>What a mapping may target, for the catalogue.</summary>
    internal static IReadOnlyList<TargetInfo> Targets { get; } = Fields
        .Where(f => f.Reserved is null)
        .Select(f => new TargetInfo(f.Name, f.Meaning, f.Type, f.Kind is FieldKind.Text or FieldKind.Bytes or FieldKind.Url || f.Name == "_pkc" ? (int)f.Max : null))
        .ToList();

    /// <summary>The field of this name, or null.</summary>
    internal static Field? Find(string name) =>
        ByName.TryGetValue(name, out var found) ? found.Field : DimensionOf(name) is null ? null : ByName["dimensionN"].Field;

    /// <summary>Whether the field takes a list or an object.</summary>
    internal static bool TakesJson(string? target) => target is not null && (target == "_pkc" || Find(target) is { Type: "json" });

    /// <summary>Its place among the fields that are sent.</summary>
    internal static int OrderOf(string name) =>
        ByName.TryGetValue(name, out var found) ? found.Order * 1000 : (ByName["dimensionN"].Order * 1000) + (DimensionOf(name) ?? 0);

    /// <summary>What is wrong with a target; null when a mapping may set it.</summary>
    internal static string? Problem(string? target)
    {
        if (string.IsNullOrWhiteSpace(target)) return "Name the field of Matomo that this row fills, such as dimension1, idgoal or e_n.";
        if (Find(target) is { } field && target != "dimensionN")
            return field.Reserved is null ? null : $"\"{target}\" can't be mapped. {field.Reserved}";
        if (target.StartsWith("dimension", StringComparison.Ordinal))
            return $"\"{target}\" is no custom dimension. Write dimension and the dimension's ID in Matomo, 1 to 999, such as dimension1 (Administration > Websites > Custom Dimensions shows it).";

        var hint = Spelling.Hint(target, Targets.Select(t => t.Name));
        return $"Matomo has no tracking field \"{target}\".{hint} The documentation lists every field.";
    }

    private static int? DimensionOf(string name) =>
        name.StartsWith("dimension", StringComparison.Ordinal)
        && name.Length is >= 10 and <= 12
        && name[9] != '0'
        && int.TryParse(name.AsSpan(9), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
}
