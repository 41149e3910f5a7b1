using System.Reflection;

namespace Signal.Hosting;

/// <summary>
/// Lends the process's own singletons (ports, options, the clock) to a web application. Each listener is an application of its
/// own with its own middleware; what they share is made and disposed once, by the process.
/// </summary>
internal static class Ports
{
    private static readonly Assembly Own = typeof(Ports).Assembly;

    internal static void Lend(this IServiceCollection to, IServiceCollection registered, IServiceProvider from)
    {
        foreach (var service in registered.Where(IsShared).Select(d => d.ServiceType).Distinct())
        {
            // As an instance, so that the application does not dispose what it does not own.
            to.AddSingleton(service, from.GetRequiredService(service));
        }

        to.AddSingleton(from.GetRequiredService<ILoggerFactory>());
    }

    private static bool IsShared(ServiceDescriptor d) =>
        d.Lifetime == ServiceLifetime.Singleton
        && !d.IsKeyedService
        && d.ServiceType != typeof(IHostedService)
        && !d.ServiceType.IsGenericTypeDefinition
        && (d.ServiceType.Assembly == Own || d.ServiceType == typeof(TimeProvider) || d.ServiceType == typeof(Func<string, Destinations.IDestination?>));
}
