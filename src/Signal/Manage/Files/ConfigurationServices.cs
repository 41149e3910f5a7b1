using Microsoft.Extensions.DependencyInjection.Extensions;
using Signal.Manage.Changes;

namespace Signal.Manage.Files;

/// <summary>The services that change configuration, of which an API, a console and a start-up file make use.</summary>
internal static class ConfigurationServices
{
    /// <summary>Needs the configuration's store, <see cref="Configure.ConfigureServices.AddConfigure"/> and a <see cref="SecretLookup"/>.</summary>
    public static IServiceCollection AddConfigurationChanges(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Catalogue.OfProgram);
        services.TryAddSingleton<Audit>();
        services.TryAddSingleton<SourceChanges>();
        services.TryAddSingleton<IntegrationRules>();
        services.TryAddSingleton<IntegrationChanges>();
        services.TryAddSingleton<ConfigurationExport>();
        services.TryAddSingleton<ConfigurationImport>();
        return services;
    }
}
