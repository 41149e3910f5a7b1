using System.Collections.Concurrent;

namespace Signal.Console.Parts;

/// <summary>
/// Carries what was read for the first paint over to the live page that takes its place a moment later, so that nothing
/// flickers and nothing is read twice. In memory and for seconds only; a miss just reads again.
/// </summary>
internal sealed class Handover(TimeProvider time)
{
    private const int Room = 1000;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, (object Value, DateTimeOffset Until)> _held = new();

    public void Leave(string key, object value)
    {
        var now = time.GetUtcNow();
        if (_held.Count >= Room)
        {
            foreach (var (old, _) in _held.Where(h => h.Value.Until <= now)) _held.TryRemove(old, out _);
        }

        if (_held.Count < Room) _held[key] = (value, now + Life);
    }

    public bool TryTake<T>(string key, out T? value)
    {
        var found = _held.TryRemove(key, out var held) && held.Until > time.GetUtcNow() && held.Value is T;
        value = found ? (T)held.Value : default;
        return found;
    }
}
