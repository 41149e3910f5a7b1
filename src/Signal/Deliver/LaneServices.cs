using Signal.Record;
using Signal.State;

namespace Signal.Deliver;

/// <summary>What every lane works with.</summary>
internal sealed record LaneServices(
    IDeliveryStore Store,
    IUnderWayStore UnderWay,
    Planner Planner,
    Exchange Exchange,
    IEventFeed Feed,
    TimeProvider Time,
    DeliverOptions Options,
    ILogger<Lane> Log)
{
    /// <summary>What is known of the attempts of a lane, for itself and its express lane.</summary>
    public Attempts AttemptsOf(LanePlace place) => new(UnderWay, place, Log);
}
