namespace MatomoSandbox.Recording;

/// <summary>Everything recorded, with the look-ups the tracker needs and one transaction at a time.</summary>
internal sealed class Store
{
    private readonly Stack<Action> journal = [];
    private readonly Dictionary<(int Site, string Visitor), List<int>> byVisitor = [];
    private readonly Dictionary<(int Site, string Fingerprint), List<int>> byFingerprint = [];
    private readonly Dictionary<(int Site, string Fingerprint, string User), List<int>> byUser = [];
    private readonly Dictionary<int, List<int>> actionsOf = [];
    private readonly Dictionary<int, List<int>> conversionsOf = [];
    private readonly Dictionary<int, List<int>> itemsOf = [];
    private readonly HashSet<(int Site, string Order)> orders = [];
    private readonly HashSet<int> erased = [];

    public Store()
    {
        Visits = new(journal);
        Actions = new(journal);
        Conversions = new(journal);
        Items = new(journal);
    }

    public Table<Visit> Visits { get; }

    public Table<VisitAction> Actions { get; }

    public Table<Conversion> Conversions { get; }

    public Table<Item> Items { get; }

    public void Begin() => journal.Clear();

    public void Rollback()
    {
        while (journal.TryPop(out var undo))
            undo();
    }

    /// <summary>False once the visit was erased. Its rows keep their places, because a row's number is its place.</summary>
    public bool Holds(int visit) => !erased.Contains(visit);

    /// <summary>Nobody finds the visit any more, and its orders may come again.</summary>
    public void Erase(int visit)
    {
        foreach (var (_, conversion) in ConversionsOf(visit))
        {
            if (conversion.Order is { } order)
                orders.Remove((conversion.Site, Collation.Key(order)));
        }

        erased.Add(visit);
    }

    public Visit Insert(Visit visit)
    {
        var row = visit with { Id = Visits.Count + 1 };
        Index(byVisitor, (row.Site, row.Visitor), Visits.Insert(row));
        Index(byFingerprint, (row.Site, row.Fingerprint), row.Id - 1);
        Index(byUser, (row.Site, row.Fingerprint, UserKey(row.UserId)), row.Id - 1);
        return row;
    }

    public void Update(Visit visit)
    {
        var before = Visits[visit.Id - 1];
        if (before == visit)
            return;
        Visits.Replace(visit.Id - 1, visit);
        if (before.Visitor != visit.Visitor)
            Index(byVisitor, (visit.Site, visit.Visitor), visit.Id - 1);
        if (before.UserId != visit.UserId)
            Index(byUser, (visit.Site, visit.Fingerprint, UserKey(visit.UserId)), visit.Id - 1);
    }

    public Visit? LatestOf(int site, string visitor, long before) =>
        Latest(byVisitor.GetValueOrDefault((site, visitor)), visit => visit.Visitor == visitor && visit.Last <= before);

    /// <summary>With a user, only among visits of that user or of nobody yet.</summary>
    public Visit? LatestLike(int site, string fingerprint, long after, long before, string? user)
    {
        bool Fits(Visit visit) => visit.Fingerprint == fingerprint && visit.Last >= after && visit.Last <= before;
        if (user is null)
            return Latest(byFingerprint.GetValueOrDefault((site, fingerprint)), Fits);
        Visit? Of(string key) => Latest(byUser.GetValueOrDefault((site, fingerprint, key)), visit => UserKey(visit.UserId) == key && Fits(visit));
        return new[] { Of(""), Of(UserKey(user)) }.OfType<Visit>().MaxBy(visit => (visit.Last, visit.Id));
    }

    public void Insert(VisitAction action)
    {
        var index = Actions.Insert(action with { Id = Actions.Count + 1 });
        Index(actionsOf, action.VisitId, index);
    }

    /// <summary>False when the visit has that goal already, or the site that order.</summary>
    public bool TryInsert(Conversion conversion)
    {
        var taken = ConversionsOf(conversion.VisitId).Any(row => row.Row.Goal == conversion.Goal && row.Row.Buster == conversion.Buster);
        if (taken || !TryClaim(conversion))
            return false;
        Index(conversionsOf, conversion.VisitId, Conversions.Insert(conversion));
        return true;
    }

    /// <summary>Makes another conversion of a row; false when the site has that order already.</summary>
    public bool TryReplace(int index, Conversion conversion)
    {
        if (!TryClaim(conversion))
            return false;
        Conversions.Replace(index, conversion);
        return true;
    }

    public bool TryInsert(Item item)
    {
        if (ItemsOf(item.VisitId).Any(row => row.Row.Order == item.Order && row.Row.Sku == item.Sku))
            return false;
        Index(itemsOf, item.VisitId, Items.Insert(item));
        return true;
    }

    public IEnumerable<(int Index, VisitAction Row)> ActionsOf(int visit) => Of(actionsOf, visit, Actions, row => row.VisitId);

    public IEnumerable<(int Index, Conversion Row)> ConversionsOf(int visit) => Of(conversionsOf, visit, Conversions, row => row.VisitId);

    public IEnumerable<(int Index, Item Row)> ItemsOf(int visit) => Of(itemsOf, visit, Items, row => row.VisitId);

    private static string UserKey(string? user) => user is null ? "" : "=" + Collation.Key(user);

    private bool TryClaim(Conversion conversion)
    {
        if (conversion.Order is null)
            return true;
        var key = (conversion.Site, Collation.Key(conversion.Order));
        if (!orders.Add(key))
            return false;
        journal.Push(() => orders.Remove(key));
        return true;
    }

    // Entries of rows rolled back stay in the indexes; every look-up checks what it finds.
    private static void Index<TKey>(Dictionary<TKey, List<int>> index, TKey key, int row)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var rows))
            index[key] = rows = [];
        if (rows.Count == 0 || rows[^1] != row)
            rows.Add(row);
    }

    private Visit? Latest(List<int>? candidates, Func<Visit, bool> fits) => candidates?
        .Where(index => index < Visits.Count)
        .Select(index => Visits[index])
        .Where(visit => Holds(visit.Id) && fits(visit))
        .MaxBy(visit => (visit.Last, visit.Id));

    private static (int Index, TRow Row)[] Of<TRow>(
        Dictionary<int, List<int>> index, int visit, Table<TRow> table, Func<TRow, int> visitOf) =>
        (index.GetValueOrDefault(visit) ?? [])
            .Where(row => row < table.Count && visitOf(table[row]) == visit)
            .Distinct()
            .Select(row => (row, table[row]))
            .ToArray();
}
