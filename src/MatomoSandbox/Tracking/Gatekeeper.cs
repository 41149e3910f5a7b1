namespace MatomoSandbox.Tracking;

/// <summary>Knows tokens, and which addresses have shown too many bad ones.</summary>
internal sealed class Gatekeeper(SandboxOptions options)
{
    private const int RefusalsAllowed = 20;
    private readonly Dictionary<string, List<long>> refusals = [];

    public int Refused { get; private set; }

    public SandboxToken? Find(string token, SandboxFaults faults) =>
        token.Length == 0 || faults.Revokes(token) ? null : options.Tokens.FirstOrDefault(known => known.Value == token);

    public bool IsBlocked(string address, long now) => options.BruteForceProtection
        && refusals.TryGetValue(address, out var times)
        && times.Count(time => time > now - 3600) > RefusalsAllowed;

    public void CountRefusal(string address, long now)
    {
        Refused++;
        if (!refusals.TryGetValue(address, out var times))
            refusals[address] = times = [];
        times.RemoveAll(time => time <= now - 3600);
        times.Add(now);
    }

    public void Forget()
    {
        refusals.Clear();
        Refused = 0;
    }
}
