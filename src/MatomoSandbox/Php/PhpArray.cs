using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MatomoSandbox.Php;

/// <summary>
/// An ordered map as PHP has it. Values are <see cref="string"/>, <see cref="long"/>, <see cref="double"/>,
/// <see cref="bool"/>, <see cref="PhpArray"/> or null.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "PHP calls it an array, and so does the protocol.")]
internal sealed class PhpArray : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly List<string> keys = [];
    private readonly Dictionary<string, object?> values = [];

    public int Count => keys.Count;

    public object? this[string key]
    {
        get => values.GetValueOrDefault(key);
        set
        {
            if (!values.ContainsKey(key))
                keys.Add(key);
            values[key] = value;
        }
    }

    public bool Has(string key) => values.ContainsKey(key);

    public void Append(object? value) => this[NextIndex().ToString()] = value;

    public static PhpArray Union(PhpArray winner, PhpArray other)
    {
        var union = new PhpArray();
        foreach (var (key, value) in winner.Concat(other.Where(pair => !winner.Has(pair.Key))))
            union[key] = value;
        return union;
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        keys.Select(key => KeyValuePair.Create(key, values[key])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private long NextIndex() =>
        keys.Select(key => long.TryParse(key, out var index) ? index + 1 : 0).DefaultIfEmpty(0).Max();
}
