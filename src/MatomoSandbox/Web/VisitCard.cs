using MatomoSandbox.Php;

namespace MatomoSandbox;

/// <summary>One visit on the page: who, from where, what they did, what they bought.</summary>
internal sealed class VisitCard(SandboxState state, SandboxOptions options)
{
    private static readonly Dictionary<string, string> Browsers = new()
    {
        ["CH"] = "Chrome",
        ["CM"] = "Chrome",
        ["CI"] = "Chrome",
        ["HC"] = "headless Chrome",
        ["FF"] = "Firefox",
        ["FM"] = "Firefox",
        ["SF"] = "Safari",
        ["MF"] = "Safari",
        ["PS"] = "Edge",
        ["OP"] = "Opera",
        ["SB"] = "Samsung Browser",
    };

    private static readonly Dictionary<string, string> Systems = new()
    {
        ["WIN"] = "Windows",
        ["MAC"] = "macOS",
        ["LIN"] = "Linux",
        ["AND"] = "Android",
        ["IOS"] = "iOS",
        ["COS"] = "ChromeOS",
    };

    public Markup Render(Visit visit)
    {
        var actions = state.Actions.Where(row => row.VisitId == visit.Id).Select(row => (row.At, Part: Action(row)));
        var goals = state.Conversions.Where(row => row.VisitId == visit.Id && row.Goal > 0).Select(row => (row.At, Part: Goal(row)));
        var baskets = state.Conversions.Where(row => row.VisitId == visit.Id && row.Goal <= 0).Select(Basket);
        return Markup.Of($"""
            <article class="visit"><header><span class="who hue{Hue(visit)}">{Initials(visit)}</span><div><h3>{Plain(visit.UserId) ?? visit.Visitor}</h3>
            <p>{Facts(visit)}</p></div><p class="when"><time>{SandboxPage.Time(visit.First)}</time>{Lasted(visit)}</p></header>
            <ol>{actions.Concat(goals).OrderBy(pair => pair.At).Select(pair => pair.Part)}</ol>{baskets}</article>
            """);
    }

    private Markup Facts(Visit visit)
    {
        var from = visit.ReferrerType switch
        {
            2 => $"from {visit.ReferrerName}",
            3 => $"from {visit.ReferrerName}",
            6 => $"campaign {visit.ReferrerName}",
            7 => $"from {visit.ReferrerName}",
            _ => "direct",
        };
        var site = options.Sites.Count > 1 ? $"site {visit.Site}" : "";
        string?[] facts =
        [
            visit.UserId is null ? null : visit.Visitor, site, visit.City, visit.Country == "xx" ? null : visit.Country.ToUpperInvariant(),
            visit.Browser == "UNK" ? null : $"{Browsers.GetValueOrDefault(visit.Browser, visit.Browser)} on {Systems.GetValueOrDefault(visit.Os, visit.Os)}", visit.Ip, from,
            .. visit.Dimensions.Select(pair => $"dimension {pair.Key}: {Plain(pair.Value)}"),
        ];
        return Markup.Of($"{string.Join(" · ", facts.Where(fact => !string.IsNullOrEmpty(fact)))}");
    }

    private static Markup Action(VisitAction row)
    {
        var (kind, what) = row switch
        {
            { EventCategory: not null } or { TypeUrl: 10 } => ("event", $"{Plain(row.EventCategory)} · {Plain(row.EventAction)}{(row.Name is null ? "" : $" · {Plain(row.Name)}")}"),
            { TypeName: 8 } => ("search", $"“{Plain(row.Name)}”{(row.SearchCount is { } count ? $", {count} results" : "")}"),
            { TypeUrl: 3 } => ("download", row.Url),
            { TypeUrl: 2 } => ("outlink", row.Url),
            { ContentName: not null } => ("content", $"{Plain(row.ContentName)}{(row.ContentInteraction is null ? " seen" : $" {Plain(row.ContentInteraction)}")}"),
            _ => ("page", Plain(row.Name) ?? row.Url ?? "(no address)"),
        };
        var address = kind is "page" or "event" && row.Url is not null && row.Url != what ? Markup.Of($"<span class=\"url\">{row.Url}</span>") : Markup.Empty;
        return Markup.Of($"""<li class="{kind}"><time>{SandboxPage.Time(row.At)}</time><span class="tag">{kind}</span><span class="what">{what}{address}{Product(row)}</span></li>""");
    }

    private static Markup Product(VisitAction row)
    {
        var name = row.ProductName ?? row.ProductSku;
        if (name is null && row.ProductCategories.Count == 0)
            return Markup.Empty;
        string?[] facts =
        [
            name ?? "category", string.Join(" › ", row.ProductCategories), row.ProductPrice is { } amount ? SandboxPage.Money(amount) : null,
        ];
        var parts = facts.Where(fact => !string.IsNullOrEmpty(fact));
        return Markup.Of($"<span class=\"product\">{string.Join(" · ", parts)}</span>");
    }

    private Markup Goal(Conversion row)
    {
        var name = options.Goals.FirstOrDefault(goal => goal.Site == row.Site && goal.Id == row.Goal)?.Name ?? "";
        return Markup.Of($"""<li class="goal"><time>{SandboxPage.Time(row.At)}</time><span class="tag">goal</span><span class="what">{name} (goal {row.Goal}), worth {SandboxPage.Money(row.Revenue)}</span></li>""");
    }

    private Markup Basket(Conversion row)
    {
        var currency = options.Sites.FirstOrDefault(site => site.Id == row.Site)?.Currency ?? "";
        var items = state.Items.Where(item => item.VisitId == row.VisitId && item.Order == (row.Order ?? "0"));
        var title = row.Goal == 0 ? Markup.Of($"Order <b>{Plain(row.Order)}</b>") : Markup.Of($"Open cart");
        (string Name, double? Amount)[] parts = [("subtotal", row.Subtotal), ("tax", row.Tax), ("shipping", row.Shipping), ("discount", row.Discount)];
        var small = string.Join(" · ", parts.Where(part => part.Amount is not null).Select(part => $"{part.Name} {SandboxPage.Money(part.Amount!.Value)}"));
        return Markup.Of($"""
            <div class="basket {(row.Goal == 0 ? "order" : "cart")}"><p>{title}<span class="sum">{SandboxPage.Money(row.Revenue)} {currency}</span></p>
            <table><tbody>{items.Select(Row)}</tbody></table><p class="small">{small}</p></div>
            """);
    }

    private static Markup Row(Item item) => Markup.Of($"""
        <tr class="{(item.Deleted ? "gone" : "")}"><td class="number">{item.Quantity} ×</td><td>{item.Name ?? item.Sku} <span class="sku">{item.Sku}</span></td><td class="number">{SandboxPage.Money(item.Price)}</td></tr>
        """);

    private static string? Plain(string? text) => text is null ? null : PhpText.Unescape(text);

    private static string Lasted(Visit visit) => visit.Seconds > 0 ? $" · {TimeSpan.FromSeconds(visit.Seconds):h\\:mm\\:ss}" : "";

    private static string Initials(Visit visit) => Plain(visit.UserId) is { Length: > 1 } name ? name[..2] : visit.Visitor[^2..];

    private static int Hue(Visit visit) => visit.Visitor.Sum(letter => letter) % 6;
}
