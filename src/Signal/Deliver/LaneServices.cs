using Signal.Record;
using Signal.State;

namespace Signal.Deliver;

/// <summary>What every lane works with.</summary>
internal sealed record LaneServices(
    IDeliveryStore Store,
    Planner Planner,
    Exchange Exchange,
    IEventFeed Feed,
    TimeProvider Time,
    DeliverOptions Options,
    ILogger<Lane> Log);
