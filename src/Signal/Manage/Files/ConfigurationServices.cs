using Microsoft.Extensions.DependencyInjection.Extensions;
using Signal.Manage.Alerts;
using Signal.Manage.Changes;
using Signal.Manage.Http;

namespace Signal.Manage.Files;

/// <summary>The services that change configuration, of which an API, a console and a start-up file make use.</summary>
internal static class ConfigurationServices
{
    /// <summary>Needs the configuration's and the alerts' store, <see cref="Configure.ConfigureServices.AddConfigure"/>, <see cref="Watch.WatchServices.AddWatch"/> and a <see cref="SecretLookup"/>.</summary>
    public static IServiceCollection AddConfigurationChanges(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Catalogue.OfProgram);
        services.TryAddSingleton<Audit>();
        services.TryAddSingleton<IFurtherRules<SourceInput>, SourceFormRules>();
        services.TryAddSingleton<IFurtherRules<IntegrationInput>, IntegrationFormRules>();
        services.TryAddSingleton<IFurtherRules<AlertChannelInput>, AlertFormRules>();
        services.TryAddSingleton<IFurtherRules<AlertRuleInput>, AlertFormRules>();
        services.TryAddSingleton<Removals>();
        services.TryAddSingleton<SourceChanges>();
        services.TryAddSingleton<IntegrationRules>();
        services.TryAddSingleton<IntegrationChanges>();
        services.TryAddSingleton<AlertRuleChanges>();
        services.TryAddSingleton<AlertChannelChanges>();
        services.TryAddSingleton<AlertImport>();
        services.TryAddSingleton<ConfigurationExport>();
        services.TryAddSingleton<ConfigurationImport>();
        services.TryAddSingleton<IFurtherRules<ConfigurationFile>, ImportFormRules>();
        return services;
    }
}
