namespace Signal.Deliver;

/// <summary>
/// Finds the hit that makes a whole request fail: after a second failure of the same batch it asks for halves, until the
/// culprit stands alone. Grows again with every success. One for each lane; pure.
/// </summary>
internal sealed class Divider
{
    private Place _suspect;
    private Place _regionEnd;
    private int _failures;
    private int _cap;

    /// <summary>How many hits the next request may hold; null for no limit.</summary>
    /// <param name="next">The first hit of the next request.</param>
    public int? Cap(Place next)
    {
        if (_cap > 0 && next.CompareTo(_regionEnd) > 0) _cap = 0;
        return _cap > 0 ? _cap : null;
    }

    /// <summary>A batch failed, perhaps for one of its hits. Answers how often its first hit has failed standing alone.</summary>
    public int Failed(Place first, Place last, int hits)
    {
        if (_failures == 0 || first != _suspect)
        {
            _suspect = first;
            _failures = Alone = 0;
        }

        if (last.CompareTo(_regionEnd) > 0 || _cap == 0) _regionEnd = last;
        _failures++;
        if (hits == 1) return ++Alone;
        Alone = 0;
        if (_failures > 1 || _cap > 0) _cap = Math.Max(1, hits / 2);
        return 0;
    }

    /// <summary>How often the suspect has failed standing alone.</summary>
    public int Alone { get; private set; }

    /// <summary>A batch was settled.</summary>
    public void Passed()
    {
        _failures = 0;
        Alone = 0;
        if (_cap > 0) _cap *= 2;
    }
}

/// <summary>A hit's place: its event's offset and its index among the event's hits.</summary>
internal readonly record struct Place(long Offset, int Hit) : IComparable<Place>
{
    public int CompareTo(Place other) =>
        Offset != other.Offset ? Offset.CompareTo(other.Offset) : Hit.CompareTo(other.Hit);
}
