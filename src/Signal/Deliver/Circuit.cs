namespace Signal.Deliver;

/// <summary>What a lane may do now.</summary>
internal enum Permission
{
    /// <summary>Send and report how it went.</summary>
    Send,

    /// <summary>Send a probe and report its answer; everybody else waits.</summary>
    Probe,

    /// <summary>Wait until the given time or until something changes.</summary>
    Wait,
}

/// <summary>A <see cref="Permission"/>.</summary>
/// <param name="Permission">What to do.</param>
/// <param name="Until">When to ask again; null when only a change can end the wait.</param>
/// <param name="Alone">Nobody else is let in until <see cref="Circuit.Leave"/>, which the holder must call.</param>
/// <param name="MostRefusals">With so many credentials refused within the hour, <see cref="Circuit.Postpone"/> instead; null for no limit, since they were good lately.</param>
/// <param name="Resets">How often the configuration had changed when it was given.</param>
internal readonly record struct Pass(Permission Permission, DateTimeOffset? Until = null, bool Alone = false, int? MostRefusals = null, int Resets = 0);

/// <summary>
/// Protects the destination of one integration; all its lanes ask it. Closed: everybody sends. Open: after repeated failures
/// nobody does, then one probes. Stopped: the configuration is wrong, probed rarely. Trial: after a start or a change one request
/// at a time, until the first success, so that a wrong token is refused once and not once for each lane. Decides only; no I/O.
/// </summary>
internal sealed class Circuit(int failuresToOpen, Backoff backoff, Func<double> random)
{
    private readonly Lock _lock = new();
    private State _state = State.Trial;
    private DateTimeOffset _until = DateTimeOffset.MinValue;
    private int _failures;
    private int _openings;
    private int _resets;
    private bool _busy;
    private bool _inDoubt;
    private int? _mostRefusals = RefusalBudget.Start;

    private enum State
    {
        Closed,
        Trial,
        Open,
        Stopped,
    }

    /// <summary>The server has refused credentials of somebody else: probe before anything more is sent.</summary>
    /// <param name="most">The most refusals that may bring the server to.</param>
    /// <param name="together">They are others, and may well be good: a request that asks for several at once comes first.</param>
    public void Doubt(int most, bool together)
    {
        lock (_lock)
        {
            if (_state != State.Closed) return;
            _state = State.Open;
            _until = DateTimeOffset.MinValue;
            _mostRefusals = most;
            _inDoubt = together;
        }
    }

    /// <summary>Asked for together with others, its credentials were not among the good ones: it is probed by itself, within a smaller share.</summary>
    public void Suspect()
    {
        lock (_lock)
        {
            if (!_inDoubt) return;
            _inDoubt = false;
            _mostRefusals = RefusalBudget.Start;
        }
    }

    /// <summary>Asked for together with others, its credentials were good.</summary>
    public void Cleared()
    {
        lock (_lock) if (!_inDoubt) return;
        Probed();
    }

    /// <summary>Whether others' credentials were refused since its own were accepted last.</summary>
    public bool InDoubt
    {
        get
        {
            lock (_lock) return _inDoubt;
        }
    }

    /// <summary>Nothing is to be sent before a probe, since credentials were refused: ours or somebody else's.</summary>
    public bool MustProbe
    {
        get
        {
            lock (_lock) return _state is State.Open or State.Stopped && _mostRefusals is not null;
        }
    }

    /// <summary>The most refusals that finding out about our credentials may bring the server to; null when nobody doubts them.</summary>
    public int? MostRefusals
    {
        get
        {
            lock (_lock) return _mostRefusals;
        }
    }

    /// <summary>Nobody may send now.</summary>
    public bool Blocked
    {
        get
        {
            lock (_lock) return _state is State.Open or State.Stopped;
        }
    }

    /// <summary>Whether lanes stop for the configuration's sake.</summary>
    public bool IsStopped
    {
        get
        {
            lock (_lock) return _state == State.Stopped;
        }
    }

    /// <summary>May I send?</summary>
    public Pass Ask(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_state == State.Closed) return new Pass(Permission.Send);
            if (now < _until) return new Pass(Permission.Wait, _until);
            if (_busy) return new Pass(Permission.Wait);
            _busy = true;
            return new Pass(_state == State.Trial ? Permission.Send : Permission.Probe, Alone: true, MostRefusals: _mostRefusals, Resets: _resets);
        }
    }

    /// <summary>Whether a pass to send still counts, after its holder has waited for something else.</summary>
    public bool Holds(Pass pass)
    {
        lock (_lock) return _state == State.Closed || (pass.Alone && _state == State.Trial);
    }

    /// <summary>A request was answered well.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            if (_state is State.Open or State.Stopped) return;
            _state = State.Closed;
            _failures = _openings = 0;
            _mostRefusals = null;
        }
    }

    /// <summary>A request failed for now.</summary>
    public void Failed(DateTimeOffset now, TimeSpan? wish = null)
    {
        lock (_lock)
        {
            _failures++;
            if (_state is State.Open or State.Stopped) _until = wish is { } w ? Later(_until, now + w) : _until;
            else if (wish is not null || _failures >= failuresToOpen) Open(now, wish);
        }
    }

    /// <summary>A probe failed for now.</summary>
    public void ProbeFailed(DateTimeOffset now, TimeSpan? wish = null)
    {
        lock (_lock)
        {
            if (_state == State.Stopped) _until = now + (wish ?? backoff.Ceiling(int.MaxValue));
            else Open(now, wish);
        }
    }

    /// <summary>A probe succeeded: one request at a time, until the first success.</summary>
    public void Probed()
    {
        lock (_lock)
        {
            _state = State.Trial;
            _until = DateTimeOffset.MinValue;
            _failures = 0;
            _mostRefusals = null;
            _inDoubt = false;
        }
    }

    /// <summary>The configuration is wrong; probe not before <paramref name="until"/>.</summary>
    public void Stop(DateTimeOffset until)
    {
        lock (_lock)
        {
            _state = State.Stopped;
            _until = Later(_until, until);
            _mostRefusals = RefusalBudget.Own;
            _inDoubt = false;
        }
    }

    /// <summary>
    /// The configuration changed: try again. Unless the last thing known of the credentials is that they were good, with a probe first: a
    /// probe is refused once and a hit up to three times.
    /// </summary>
    public void Reset()
    {
        lock (_lock)
        {
            _state = _state == State.Stopped || (_state == State.Open && _mostRefusals is not null) ? State.Open : State.Trial;
            _until = DateTimeOffset.MinValue;
            _failures = _openings = 0;
            _mostRefusals = RefusalBudget.Most;
            _inDoubt = false;
            _resets++;
        }
    }

    /// <summary>A process starts, and credentials were refused lately: probe before anything is sent.</summary>
    public void ProbeFirst()
    {
        lock (_lock) _state = State.Open;
    }

    /// <summary>Whoever was let in may not ask before then; nobody may, unless the configuration has changed since: that is tried at once.</summary>
    public void Postpone(Pass pass, DateTimeOffset until)
    {
        lock (_lock)
        {
            if (pass.Resets == _resets) _until = Later(_until, until);
        }
    }

    /// <summary>Whoever was let in alone is done, however it went.</summary>
    public void Leave()
    {
        lock (_lock) _busy = false;
    }

    private void Open(DateTimeOffset now, TimeSpan? wish)
    {
        _state = State.Open;
        _openings++;
        _until = Later(_until, now + backoff.After(_openings, random(), wish));
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
