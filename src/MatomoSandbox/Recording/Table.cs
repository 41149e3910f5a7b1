namespace MatomoSandbox.Recording;

/// <summary>Rows that can be taken back: every change leaves its undoing in the journal.</summary>
internal sealed class Table<TRow>(Stack<Action> journal)
{
    private readonly List<TRow> rows = [];

    public int Count => rows.Count;

    public TRow this[int index] => rows[index];

    public int Insert(TRow row)
    {
        rows.Add(row);
        journal.Push(() => rows.RemoveAt(rows.Count - 1));
        return rows.Count - 1;
    }

    public void Replace(int index, TRow row)
    {
        var before = rows[index];
        rows[index] = row;
        journal.Push(() => rows[index] = before);
    }

    public TRow[] Copy() => [.. rows];
}
