using Signal.Events;

namespace Signal.Govern;

/// <summary>Collects what an event's consent data say, a refusal winning over a grant.</summary>
internal sealed class ConsentTally(IReadOnlyDictionary<string, string> own)
{
    private readonly Dictionary<string, bool> _categories = [];
    private bool _unknownRefused;
    private string? _unreadable;

    internal bool Knows(string code) => ConsentCodes.CategoryOf(code, own) is not null;

    /// <summary>A platform's code was granted or refused.</summary>
    internal void Add(string code, bool granted)
    {
        if (ConsentCodes.CategoryOf(code, own) is { } category) AddCategory(category, granted);
        else _unknownRefused |= !granted;
    }

    internal void AddCategory(string category, bool granted)
    {
        if (category == ConsentCategories.Essential) return;
        _categories[category] = granted && _categories.GetValueOrDefault(category, true);
    }

    internal void NotUnderstood(string why) => _unreadable ??= why;

    internal ConsentStatement Result()
    {
        if (_unreadable is not null) return ConsentStatement.NotUnderstood(_unreadable);
        if (_unknownRefused)
            foreach (var category in ConsentCategories.All)
                if (category != ConsentCategories.Essential) _categories.TryAdd(category, false);
        return _categories.Count == 0 ? ConsentStatement.Silent : new ConsentStatement(_categories);
    }
}
