using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>The parameters of one hit, read with the protocol's types: a value of the wrong type counts as its default.</summary>
internal sealed class Parameters(PhpArray sent)
{
    public IEnumerable<KeyValuePair<string, object?>> All => sent;

    public object? Raw(string name) => sent[name];

    /// <summary>Present and not empty.</summary>
    public bool Given(string name) => sent[name] switch
    {
        null or "" or false => false,
        _ => true,
    };

    public bool Says(string text) => sent.Any(pair => pair.Value is string said && said.Contains(text, StringComparison.Ordinal));

    public bool SentEmpty(string name) => sent[name] is "";

    /// <summary>Escaped as Matomo stores it.</summary>
    public string Text(string name) => sent[name] switch
    {
        string text => PhpText.Escape(text),
        long or double => PhpNumber.Text(sent[name]!),
        _ => "",
    };

    /// <summary>The same as people wrote it.</summary>
    public string Plain(string name) => PhpText.Unescape(Text(name));

    public long Whole(string name, long fallback)
    {
        if (!Given(name))
            return fallback;
        return sent[name] switch
        {
            long number => number,
            true => 1,
            double number when Math.Floor(number) == number && Math.Abs(number) < 9e15 => (long)number,
            string text when PhpNumber.IsNumeric(text) && PhpNumber.ToLong(text) == PhpNumber.ToDouble(text) => PhpNumber.ToLong(text),
            _ => fallback,
        };
    }

    /// <summary>The fallback when absent; when it is no number the fallback too, but then 0 in place of none.</summary>
    public double? Number(string name, double? fallback = null)
    {
        if (!Given(name))
            return fallback;
        var value = sent[name]!;
        var reads = value is not PhpArray && PhpNumber.LooksFloat(PhpNumber.Text(value));
        return reads ? PhpNumber.ToDouble(value) : fallback ?? 0;
    }

    /// <summary>JSON text, or in a bulk the value itself.</summary>
    public object? Json(string name) => sent[name] is string text ? PhpJson.DecodeOrNull(text) : sent[name];
}
