using Microsoft.Extensions.Time.Testing;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>The ports of one state store.</summary>
public sealed record StateStores(
    IDeliveryStore Deliveries,
    IConfigurationStore Configuration,
    IConsentStore Consents,
    IAccountStore Accounts,
    IAuditLog Audit,
    IIdempotencyStore Idempotency,
    IDailySalts Salts,
    IRefusalStore Refusals,
    IUnderWayStore UnderWay,
    IReplayStore Replays,
    IAlertStore Alerts,
    Action Close);

/// <summary>Opens a store for a test and takes it away again; the suites below derive from it.</summary>
public abstract class StateConformance(Func<string, TimeProvider, StateStores> open) : IAsyncLifetime
{
    protected static readonly CancellationToken Stop = CancellationToken.None;
    protected static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _place = Directory.CreateTempSubdirectory("signal-test-").FullName;

    protected FakeTimeProvider Time { get; } = new(Noon);

    protected StateStores Stores { get; private set; } = null!;

    public ValueTask InitializeAsync()
    {
        Stores = open(_place, Time);
        return default;
    }

    public ValueTask DisposeAsync()
    {
        Stores.Close();
        Directory.Delete(_place, recursive: true);
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Closes the store and opens it again.</summary>
    protected void Reopen()
    {
        Stores.Close();
        Stores = open(_place, Time);
    }

    protected static AuditEntry Audit(int n = 1, string action = "source.created", string actor = "ada@example.com", string resource = "src_1") =>
        new($"log_{n:D6}", Noon.AddSeconds(n), actor, action, action.Split('.')[0], resource, new Dictionary<string, AuditChange>(), "192.0.2.1");
}
