using Signal.Configure;
using Signal.Deliver;
using Signal.Hosting.Demo;
using Signal.Manage.Files;
using Signal.Record;
using Signal.Watch;

namespace Signal.Hosting;

/// <summary>Puts the rooms together. Hosted services start in the order they stand here and stop in the reverse.</summary>
internal static class SignalHost
{
    internal static IHost Build(Settings settings, bool demo, bool temporary = false)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "signal" });
        builder.Logging.AddSignalLogging(settings);

        // For OpenTelemetry's own variables (OTEL_…); Signal's settings have their own reader.
        builder.Configuration.AddEnvironmentVariables();
        var services = builder.Services;
        services.Configure<HostOptions>(o => o.ShutdownTimeout = settings.Shutdown);
        var secrets = demo ? DemoSecrets.In(settings.DataDirectory) : null;
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        var listeners = new Listeners();
        services.AddSingleton(listeners);
        services.AddSingleton(RunToken.New());
        services.AddSignalTelemetry(settings);

        // 1. What everything stands on: stores, the configuration in force, counts.
        services.AddStorage(settings);
        services.AddHostedService<AuditNotesWriter>();
        services.AddConfigure();
        services.AddSingleton(new SecretLookup(settings.ResolveSecret));
        if (settings.ConfigurationFile is not null) services.AddConfigurationChanges().AddHostedService<ConfigurationAtStart>();
        services.AddRecord(new RetentionOptions
        {
            Log = settings.LogRetention,
            LogMaxBytes = settings.LogMaxBytes,
            Records = settings.RecordRetention,
            Orders = settings.OrderRetention,
            Audit = settings.AuditRetention,
        });

        // 2. The path's second half.
        services.AddSingleton(new DeliverOptions { AnswerTimeout = settings.DeliveryTimeout });
        if (settings.Roles.HasFlag(Roles.Deliver)) services.AddDeliver();
        else services.AddReplays().AddDoctor();

        services.AddWatch(new WatchOptions
        {
            Every = settings.AlertEvery,
            DataDirectory = settings.DataDirectory,
            LogRetention = settings.LogRetention,
            LogMaxBytes = settings.LogMaxBytes,
            Console = () => settings.ConsoleUrl ?? (listeners.Manage is [var first, ..] ? first : null),
            Mail = settings.Mail,
        });
        if (!temporary && (settings.Roles & (Roles.Deliver | Roles.Manage)) != 0) services.AddWatching();

        // 3. The doors. They open last and close first.
        if (settings.Roles.HasFlag(Roles.Collect)) services.AddHostedService(s => new CollectServer(s, services, settings));
        if (settings.Roles.HasFlag(Roles.Manage)) services.AddHostedService(s => new ManageServer(s, services, settings, temporary));
        services.AddHostedService<RunFileWriter>();
        if (secrets is not null)
        {
            services.AddSingleton(secrets);
            services.AddSingleton<DemoShop>();
            services.AddHostedService<DemoService>();
        }

        return builder.Build();
    }
}
