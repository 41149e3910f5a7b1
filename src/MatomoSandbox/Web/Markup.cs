using System.Net;

namespace MatomoSandbox;

/// <summary>HTML that cannot be injected into: everything put into a template is encoded unless it is markup itself.</summary>
internal sealed class Markup
{
    private readonly string html;

    private Markup(string html) => this.html = html;

    public static Markup Empty { get; } = new("");

    public static Markup Of(FormattableString template) =>
        new(string.Format(template.Format, [.. template.GetArguments().Select(argument => (object)Encode(argument))]));

    /// <summary>Only for text that is part of the program.</summary>
    public static Markup Trusted(string html) => new(html);

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.html)));

    public override string ToString() => html;

    private static string Encode(object? value) => value switch
    {
        Markup markup => markup.html,
        IEnumerable<Markup> parts => Join(parts).html,
        _ => WebUtility.HtmlEncode(Convert.ToString(value) ?? ""),
    };
}
