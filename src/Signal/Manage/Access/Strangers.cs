using Signal.Manage.Changes;

namespace Signal.Manage.Access;

/// <summary>
/// Counts wrong passwords for addresses under which nobody can sign in, and locks them as accounts are locked, so that a lock does
/// not tell which addresses have one. In memory and bounded; only hashes of the addresses are held. Not for several threads at once.
/// </summary>
internal sealed class Strangers(ManageOptions options)
{
    /// <summary>Addresses held; beyond it the oldest is forgotten.</summary>
    internal const int Held = 10_000;

    private readonly Dictionary<string, (int Failures, DateTimeOffset? Until)> _known = [];
    private readonly Queue<string> _order = [];

    /// <summary>Until when an address is locked; null when it is not.</summary>
    public DateTimeOffset? LockedUntil(string email) => _known.GetValueOrDefault(KeyOf(email)).Until;

    /// <summary>Counts a wrong password; true when it locks.</summary>
    public bool Fail(string email, DateTimeOffset now)
    {
        var key = KeyOf(email);
        if (!_known.ContainsKey(key))
        {
            if (_known.Count == Held) _known.Remove(_order.Dequeue());
            _order.Enqueue(key);
        }

        var failures = _known.GetValueOrDefault(key).Failures + 1;
        var locked = failures >= options.FailuresUntilLock;
        _known[key] = locked ? (0, now + options.LockFor) : (failures, null);
        return locked;
    }

    private static string KeyOf(string email) => Keys.Hash(email.Trim().ToLowerInvariant());
}
