using Microsoft.AspNetCore.Authentication;
using Signal.Manage.Access;
using Signal.Manage.Changes;
using Signal.Manage.Documents;
using Signal.Manage.Files;
using Signal.Manage.Http;
using Signal.Manage.Privacy;
using Signal.Record;

namespace Signal.Manage;

/// <summary>The services of this room.</summary>
internal static class ManageServices
{
    private const int MinAdminToken = 32;

    /// <summary>
    /// The management side. Needs the stores, the event log and feed, <see cref="Configure.ConfigureServices.AddConfigure"/>,
    /// <see cref="Watch.WatchServices.AddWatch"/>, and the ports <see cref="Resources.IDoctor"/> and <see cref="IReplays"/>.
    /// The console adds its own cookie scheme and uses the same policies, named after the roles.
    /// </summary>
    public static IServiceCollection AddManage(this IServiceCollection services, ManageOptions options)
    {
        if (options.AdminToken is { Length: < MinAdminToken }) throw new ArgumentException($"The fixed administrator's token must have at least {MinAdminToken} characters.", nameof(options));
        if (options.SigningKey.Length < 32) throw new ArgumentException("The signing key must have at least 32 bytes.", nameof(options));

        services.AddSingleton(options);
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddConfigurationChanges();
        services.AddSingleton<StoredEvents>().AddSingleton<Previews>().AddSingleton<Backlogs>().AddSingleton<Overviews>();
        services.AddSingleton<DeadLetterDesk>().AddSingleton<ReplayDesk>();
        services.AddSingleton<VisitorLog>().AddSingleton<VisitorDesk>();
        services.AddSingleton<IFurtherRules<UserInput>, UserFormRules>().AddSingleton<IFurtherRules<UserPatch>, UserFormRules>().AddSingleton<IFurtherRules<SetupInput>, UserFormRules>();
        services.AddSingleton<IFurtherRules<TokenInput>, TokenFormRules>().AddSingleton<IFurtherRules<ReplayInput>, ReplayFormRules>();
        services.AddSingleton<Gate>().AddSingleton<Idempotency>();
        services.AddSingleton<IStartupFilter, Envelope>();
        services.AddAccess();
        services.AddApiDocument();
        return services;
    }

    private static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<AccessTokens>().AddSingleton<Bearers>().AddSingleton<SingleSignOn>().AddSingleton<OwnPassword>().AddSingleton<SignIns>().AddSingleton<Sessions>().AddSingleton<Accounts>().AddSingleton<SetupLink>();
        services.AddSingleton<ISetupLink>(s => s.GetRequiredService<SetupLink>());
        services.AddHostedService(s => s.GetRequiredService<SetupLink>());
        // Not AddAuthentication: it would bring Data Protection, which only the console's cookies need.
        services.AddAuthenticationCore();
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, BearerTokens>(BearerTokens.Name, null);
        var policies = services.AddAuthorizationBuilder();
        foreach (var role in Roles.All)
            policies.AddPolicy(role, p => p.AddAuthenticationSchemes(BearerTokens.Name).RequireRole(Roles.AtLeast(role)));
    }
}
