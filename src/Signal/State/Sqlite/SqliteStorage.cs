using Signal.Log;
using Signal.Log.Sqlite;
using Signal.State.Secrets;
using Signal.State.Sql;

namespace Signal.State.Sqlite;

/// <summary>Everything embedded: holds the directory's lock, opens both files, and closes them in the right order.</summary>
internal sealed class SqliteStorage : IDisposable
{
    private readonly SqliteStorageOptions _options;
    private readonly ILogger _logger;
    private readonly DataDirectory _directory;
    private readonly SqliteEventLog _log;
    private readonly SqliteStateDatabase _database;
    private readonly SqliteUnderWayStore _underWay;

    /// <exception cref="StorageException">The directory or a file in it can't be used; the message says what to do.</exception>
    public SqliteStorage(SqliteStorageOptions options, TimeProvider time, ILogger<SqliteEventLog> logger)
    {
        _options = options;
        _logger = logger;
        var open = new Stack<IDisposable>();
        try
        {
            open.Push(_directory = DataDirectory.Lock(options.DataDirectory));
            _directory.RequireWhole();
            Secrets = Ring(options, _directory);
            open.Push(_database = new SqliteStateDatabase(_directory.File("state.db")));
            open.Push(_underWay = new SqliteUnderWayStore(_directory.File("sending.db"), time));
            open.Push(_log = new SqliteEventLog(
                new SqliteLogOptions(_directory.File("log.db")) { Partitions = options.Partitions, MaxBytes = options.MaxLogBytes }, time, logger));
        }
        catch
        {
            foreach (var part in open) part.Dispose();
            throw;
        }

        var consents = new ConsentCache(options.ConsentCache);
        Deliveries = new SqlDeliveryStore(_database, consents);
        Consents = new SqlConsentStore(_database, consents);
        Configuration = new SqlConfigurationStore(_database, Secrets, consents);
        Accounts = new SqlAccountStore(_database, time);
        Audit = new SqlAuditLog(_database);
        Replays = new SqlReplayStore(_database);
        Idempotency = new SqlIdempotencyStore(_database, Secrets);
        Salts = new SqlDailySalts(_database);
        Refusals = new SqlRefusalStore(_database);
        Alerts = new SqlAlertStore(_database, Secrets);
    }

    public IEventLog Log => _log;

    public AesSecretBox Secrets { get; }

    public SqlDeliveryStore Deliveries { get; }

    public SqlConsentStore Consents { get; }

    public SqlConfigurationStore Configuration { get; }

    public SqlAccountStore Accounts { get; }

    public SqlAuditLog Audit { get; }

    public SqlReplayStore Replays { get; }

    public SqlIdempotencyStore Idempotency { get; }

    public SqlDailySalts Salts { get; }

    public SqlRefusalStore Refusals { get; }

    public SqlAlertStore Alerts { get; }

    public IUnderWayStore UnderWay => _underWay;

    /// <summary>Finishes deletions that were cut short; while older master keys are at hand, puts what they sealed under the current one.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        await new Leftovers(_database).RemoveAsync(stop);
        if (_options.OldMasterKeys.Count == 0) return;
        var resealed = await Configuration.ResealAsync(Secrets, stop) + await Alerts.ResealAsync(Secrets, stop) + await Idempotency.ResealAsync(Secrets, stop);
        if (resealed > 0) _logger.Resealed(resealed);
    }

    /// <summary>The log first: what is appended last should find everything else still there. The lock goes last.</summary>
    public void Dispose()
    {
        _log.Dispose();
        _underWay.Dispose();
        _database.Dispose();
        _directory.Dispose();
    }

    private static AesSecretBox Ring(SqliteStorageOptions options, DataDirectory directory)
    {
        try
        {
            var current = options.MasterKey is { } text ? MasterKey.Parse(text) : MasterKeyFile.ReadOrCreate(directory.Path);
            return new AesSecretBox(current, options.OldMasterKeys.Select(MasterKey.Parse));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException(e.Message, e);
        }
    }
}
