using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Signal.Configure;

/// <summary>The services of this room.</summary>
internal static class ConfigureServices
{
    /// <summary>The configuration feed, loaded before anything that is registered after it starts. Needs <see cref="State.IConfigurationStore"/>.</summary>
    public static IServiceCollection AddConfigure(this IServiceCollection services, ConfigureOptions? options = null)
    {
        services.TryAddSingleton(options ?? new ConfigureOptions());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ConfigurationFeed>();
        services.AddSingleton<IConfigurationFeed>(s => s.GetRequiredService<ConfigurationFeed>());
        services.AddHostedService<ConfigurationLoader>();
        return services;
    }
}
