using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Signal.Record;

/// <summary>The program's own instruments; Prometheus shows them with <c>_</c> for <c>.</c>.</summary>
public static class Meters
{
    /// <summary>The meter's and the activity source's name.</summary>
    public const string Name = "Signal";

    private static readonly Meter Meter = new(Name);

    /// <summary>Spans of the path: append, encode, deliver, settle.</summary>
    public static readonly ActivitySource Activities = new(Name);

    /// <summary>Events by source and what was decided at the door (<c>outcome</c>, <c>reason</c>).</summary>
    public static readonly Counter<long> Events = Meter.CreateCounter<long>("signal.events", "{event}", "Events at the door, by outcome and reason.");

    /// <summary>Events by integration and outcome.</summary>
    public static readonly Counter<long> Deliveries = Meter.CreateCounter<long>("signal.deliveries", "{event}", "Events settled for an integration, by outcome and reason.");

    /// <summary>Requests to destinations by form and status.</summary>
    public static readonly Histogram<double> RequestDuration = Meter.CreateHistogram<double>("signal.destination.request.duration", "s", "Time from a request to a destination to its answer.");

    /// <summary>Time a durable append takes.</summary>
    public static readonly Histogram<double> AppendDuration = Meter.CreateHistogram<double>("signal.log.append.duration", "s", "Time a durable append takes.");

    /// <summary>Events of one commit.</summary>
    public static readonly Histogram<int> AppendBatch = Meter.CreateHistogram<int>("signal.log.append.events", "{event}", "Events of one durable commit.");

    /// <summary>Time a settlement takes to be on disk.</summary>
    public static readonly Histogram<double> SettleDuration = Meter.CreateHistogram<double>("signal.delivery.settle.duration", "s", "Time a settlement takes to be on disk.");

    /// <summary>Units of work of one commit of the state.</summary>
    public static readonly Histogram<int> StateCommit = Meter.CreateHistogram<int>("signal.state.commit.units", "{unit}", "Units of work that shared one commit of the state.");

    /// <summary>Seconds from received to delivered.</summary>
    public static readonly Histogram<double> Lag = Meter.CreateHistogram<double>("signal.delivery.lag", "s", "Seconds from received to delivered.");

    /// <summary>Registers a gauge read when asked.</summary>
    public static ObservableGauge<double> Gauge(string name, string unit, string description, Func<IEnumerable<Measurement<double>>> read) =>
        Meter.CreateObservableGauge(name, read, unit, description);
}
